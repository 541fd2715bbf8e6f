package io.github.resilientdb.pool;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.resilientdb.ConnectionStatus;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.retry.TransactionManagerPostProcessor;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.util.DisconnectedClientHelper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The life of a guarded connection, with a database in memory.
 */
class GuardedConnectionTests {

	private final FakeDatabase database = new FakeDatabase();

	@ParameterizedTest
	@EnumSource
	void aStatementBlamesItsOwnConnection(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode)) {
			Connection first = pool.borrow();
			FakeDatabase.Session broken = this.database.session();
			Connection second = pool.borrow();
			broken.failOn(FakeDatabase.lost(), "execute");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(first, "A"));
			assertThat(isDead(first)).isTrue();
			assertThat(isDead(second)).isFalse();
			assertThat(pool.count("disconnected TRANSACTION admin-shutdown 57P01")).isOne();
			second.close();
			first.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void resultsThatAreFetchedInPortionsReport(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode); Connection connection = pool.borrow()) {
			connection.setAutoCommit(false);
			PreparedStatement statement = connection.prepareStatement("select");
			ResultSet results = statement.executeQuery();
			assertThat(results.getStatement().getConnection()).isSameAs(statement.getConnection());
			this.database.session().failOn(FakeDatabase.lost(), "ResultSet.next");
			assertThatExceptionOfType(SQLException.class).isThrownBy(results::next);
			assertThat(isDead(connection)).isTrue();
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
				.withStackTraceContaining("administrator command");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aSwallowedLossIsInTheChainOfTheCommit(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode); AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			this.database.session().failOn(FakeDatabase.lost(), "execute");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "A"));
			assertThat(ledger.own().loss()).hasMessageContaining("administrator command");
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
				.withStackTraceContaining("administrator command");
			connection.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "COMMIT", " commit; select 1", "END", "insert into t values (1); commit" })
	void aStatementThatCommitsAndIsLostIsInDoubt(String sql) throws SQLException {
		try (TestPool pool = pool(PoolMode.POOLED); AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			this.database.session().failOn(FakeDatabase.lost(), "execute");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, sql));
			assertThat(ledger.own().outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
			connection.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "commit", "/* a */ END", "--x\n commit", "select 1; commit; begin" })
	void aStatementThatHasCommittedIsNotRerun(String sql) throws SQLException {
		try (TestPool pool = pool(PoolMode.POOLED); AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "A");
			TestPool.execute(connection, sql);
			assertThat(ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
			connection.close();
		}
	}

	@Test
	void whatFollowsACommitInATextIsNotLostSilently() throws SQLException {
		try (TestPool pool = pool(PoolMode.POOLED)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "commit; insert into t values (1)");
			this.database.session().failOn(FakeDatabase.lost(), "commit", "setAutoCommit");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true));
			connection.close();
		}
	}

	@Test
	void aSecondCommitStillSaysThatNobodyKnows() throws SQLException {
		try (TestPool pool = pool(PoolMode.POOLED)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "A");
			this.database.session().failOn(FakeDatabase.lost(), "commit");
			for (int i = 0; i < 2; i++) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08007"));
			}
			assertThatNoException().isThrownBy(connection::close);
		}
	}

	@Test
	void anErrorDuringTheCheckGivesThePlaceBack() throws SQLException {
		try (TestPool pool = TestPool.of(this.database).size(1).pingAfter(Duration.ZERO).build()) {
			pool.borrow().close();
			pool.borrow().close();
			this.database.session().failOn(new NoClassDefFoundError("gone"), "isValid");
			assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(() -> {
				for (int i = 0; i < 5; i++) {
					pool.borrow().close();
				}
			});
			assertThatNoException().isThrownBy(() -> pool.borrow().close());
		}
	}

	@Test
	void theBorrowersOwnCheckIsTheDriversAndKillsNothing() throws SQLException {
		try (TestPool pool = pool(PoolMode.POOLED); Connection connection = pool.borrow()) {
			int before = this.database.session().calls().size();
			assertThat(connection.isValid(10)).isTrue();
			List<String> calls = this.database.session().calls();
			assertThat(calls.subList(before, calls.size())).containsExactly("isValid");
			assertThat(pool.count("pinged")).isZero();
		}
	}

	@Test
	void clearingWarningsIsNoReturn() throws SQLException {
		try (TestPool pool = pool(PoolMode.POOLED); Connection connection = pool.borrow()) {
			connection.clearWarnings();
			TestPool.execute(connection, "A");
			assertThat(this.database.committed()).containsExactly("A");
		}
	}

	@Test
	void whatACallbackKeptFromBeingCommittedIsRolledBack() {
		try (TestPool pool = pool(PoolMode.POOLED)) {
			JdbcTransactionManager manager = new JdbcTransactionManager(pool.dataSource());
			new TransactionManagerPostProcessor(() -> false).postProcessAfterInitialization(manager, "manager");
			JdbcTemplate jdbc = new JdbcTemplate(pool.dataSource());
			assertThatExceptionOfType(IllegalTransactionStateException.class)
				.isThrownBy(() -> new TransactionTemplate(manager).executeWithoutResult((status) -> {
					jdbc.execute("A");
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void beforeCommit(boolean readOnly) {
							throw new IllegalTransactionStateException("refused");
						}

					});
				}));
			assertThat(this.database.committed()).isEmpty();
			new TransactionTemplate(manager).executeWithoutResult((status) -> jdbc.execute("B"));
			assertThat(this.database.committed()).containsExactly("B");
		}
	}

	static Stream<Arguments> callsThatNeedTheServer() {
		return Stream.of(PoolMode.values())
			.flatMap((mode) -> Stream
				.of("execute", "executeQuery", "prepareStatement", "setSavepoint", "setAutoCommit", "setClientInfo",
						"ResultSet.next", "commit")
				.flatMap((call) -> losses().map((loss) -> Arguments.of(mode, call, loss))));
	}

	static Stream<IOException> losses() {
		return Stream.of(new EOFException(), new SocketException("Broken pipe"),
				new IOException("Connection reset by peer"));
	}

	@ParameterizedTest
	@MethodSource("callsThatNeedTheServer")
	void aLossIsTakenForNoVanishedClient(PoolMode mode, String call, IOException loss) throws SQLException {
		try (TestPool pool = pool(mode)) {
			Connection connection = pool.borrow();
			FakeDatabase.Session session = this.database.session();
			SQLException failure = call.equals("setClientInfo")
					? new SQLClientInfoException("I/O error", "08006", Map.of(), loss)
					: new SQLException("I/O error", "08006", loss);
			session.failOn(failure, call);
			int before = session.calls().size();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
				connection.setAutoCommit(false);
				connection.setClientInfo("ApplicationName", "name");
				connection.setSavepoint();
				TestPool.execute(connection, "A");
				connection.prepareStatement("select").executeQuery().next();
				connection.commit();
			})
				.satisfies((ex) -> assertThat(DisconnectedClientHelper.isClientDisconnectedException(ex)).isFalse())
				.withStackTraceContaining(loss.toString())
				.withStackTraceContaining("I/O error");
			assertThat(session.calls().subList(before, session.calls().size())).contains(call);
			connection.rollback();
			connection.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aLossAtRollbackLeavesTheReasonForIt(PoolMode mode) {
		try (TestPool pool = TestPool.of(this.database).mode(mode).size(1).build()) {
			JdbcTemplate jdbc = new JdbcTemplate(pool.dataSource());
			TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(pool.dataSource()));
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> transactions.executeWithoutResult((status) -> {
					jdbc.execute("A");
					loseAtRollback();
					throw new IllegalStateException("the body's");
				}))
				.withMessage("the body's")
				.withNoCause();
			assertThatNoException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				jdbc.execute("B");
				loseAtRollback();
				status.setRollbackOnly();
			}));
			assertThat(this.database.sessions().stream().filter((session) -> session.calls().contains("rollback")))
				.hasSize(2);
			transactions.executeWithoutResult((status) -> jdbc.execute("C"));
			assertThat(this.database.committed()).containsExactly("C");
		}
	}

	private void loseAtRollback() {
		this.database.session().failOn(new SQLException("I/O error", "08006", new EOFException()), "rollback");
	}

	private static boolean isDead(Connection connection) throws SQLException {
		return connection.unwrap(ConnectionStatus.class).isDead();
	}

	private TestPool pool(PoolMode mode) {
		return TestPool.of(this.database).mode(mode).build();
	}

}
