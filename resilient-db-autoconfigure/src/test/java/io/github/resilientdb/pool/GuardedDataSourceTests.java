package io.github.resilientdb.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.commit.CommitDialect;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.guard.ConnectionRegistry;
import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GuardedDataSource}.
 */
class GuardedDataSourceTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final FakeDatabase fake = new FakeDatabase();

	private final List<SQLException> told = new ArrayList<>();

	private final Source source = new Source();

	private final Database database;

	private final ConnectionRegistry connections;

	private final GuardedDataSource opener;

	private @Nullable Throwable sessionFailure;

	private Runnable whileConnecting = () -> {
	};

	GuardedDataSourceTests() {
		FailureClassifier classifier = new FailureClassifier(List::of);
		ConnectionPoolListener listener = new ConnectionPoolListener() {
		};
		HikariConfig config = new HikariConfig();
		config.setPoolName("bank");
		config.setDataSource(this.source);
		PoolSettings settings = new PoolSettings(1, null, null, PrePing.ALWAYS, MINUTE, MINUTE, PoolMode.POOLED,
				ResetOnReturn.ROLLBACK, RequirePrimary.AUTO, false, null);
		this.database = new Database(config, settings, (failure) -> classifier.classify(failure).verdict(), listener,
				() -> true);
		this.connections = new ConnectionRegistry(() -> "bank", settings, false,
				(failure) -> classifier.classify(failure).verdict(), listener, this.database);
		this.opener = new GuardedDataSource(this.database, this.connections,
				new CommitProtocol(CommitSettings.of(VerificationMode.NONE, MINUTE, true), (deadline) -> {
					throw new SQLException("not needed");
				}, CommitListener.NONE, (gate, choose) -> failing()), () -> 1000, this.told::add);
	}

	/**
	 * Return a dialect that takes connections only to fail.
	 */
	private CommitDialect failing() {
		return (CommitDialect) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { CommitDialect.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("supports")) {
						return this.sessionFailure != null;
					}
					throw this.sessionFailure;
				});
	}

	@AfterEach
	void close() {
		this.opener.close();
		this.connections.close();
		this.database.close();
	}

	private static long later() {
		return System.nanoTime() + MINUTE.toNanos();
	}

	@Test
	void whatWasPreparedIsGivenToHikariOnce() throws SQLException {
		this.opener.prepare(later());
		assertThat(this.fake.sessions()).hasSize(1);
		Connection first = this.opener.getConnection();
		assertThat(this.fake.sessions()).hasSize(1);
		assertThat(this.opener.getConnection()).isNotSameAs(first);
		assertThat(this.fake.sessions()).hasSize(2);
	}

	@Test
	void whatWasPreparedInVainIsClosed() throws SQLException {
		this.opener.prepare(later());
		this.opener.prepare(later());
		assertThat(this.fake.sessions()).extracting(FakeDatabase.Session::isClosed).containsExactly(true, false);
		this.opener.close();
		this.opener.close();
		assertThat(this.fake.sessions()).extracting(FakeDatabase.Session::isClosed).containsExactly(true, true);
	}

	@Test
	void onlyWhatHikariAsksForIsReportedAsItsFailure() {
		SQLException refused = new SQLException("no such role", "28000");
		this.source.failure = refused;
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.opener.prepare(later()));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.opener.openForOne(later()));
		assertThat(this.told).isEmpty();
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.opener::getConnection);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.opener.getConnection("alice", "secret"));
		assertThat(this.told).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(classes = { SQLException.class, IllegalStateException.class, NoClassDefFoundError.class })
	void whatCannotBeUsedIsClosed(Class<? extends Throwable> type) throws Exception {
		this.sessionFailure = type.getConstructor().newInstance();
		assertThatExceptionOfType(type).isThrownBy(this.opener::getConnection);
		assertThatExceptionOfType(type).isThrownBy(() -> this.opener.openForOne(later()));
		assertThat(this.fake.sessions()).hasSize(2).allMatch(FakeDatabase.Session::isClosed);
	}

	@Test
	void failureToCloseDoesNotHideWhyItWasClosed() {
		SQLException failure = new SQLException("refused", "42501");
		SQLException closing = new SQLException("cannot close");
		this.sessionFailure = failure;
		this.whileConnecting = () -> this.fake.session().failOn(closing, "close");
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.opener::getConnection)
			.isSameAs(failure)
			.satisfies((thrown) -> assertThat(thrown.getSuppressed()).containsExactly(closing));
	}

	@Test
	void incidentDuringTheConnectConcernsItsConnection() throws SQLException {
		this.whileConnecting = () -> this.connections.discardAll("test");
		Connection lease = new FakeDatabase().getConnection();
		assertThat(((GuardedConnection) this.opener.getConnection()).lendUnchecked(lease)).isFalse();
		assertThat(this.opener.openForOne(later()).lendUnchecked(lease)).isFalse();
		this.whileConnecting = () -> {
		};
		assertThat(this.opener.openForOne(later()).lendUnchecked(lease)).isTrue();
	}

	@Test
	void leadsToTheDataSourceOfTheUser() throws SQLException {
		assertThat(this.opener.unwrap(Source.class)).isSameAs(this.source);
		assertThat(this.opener.unwrap(DataSource.class)).isSameAs(this.opener);
		assertThat(this.opener.isWrapperFor(Source.class)).isTrue();
		assertThat(this.opener.isWrapperFor(FakeDatabase.class)).isFalse();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.opener.unwrap(FakeDatabase.class));
	}

	private final class Source extends AbstractDataSource {

		private @Nullable SQLException failure;

		@Override
		public Connection getConnection() throws SQLException {
			if (this.failure != null) {
				throw this.failure;
			}
			Connection connection = GuardedDataSourceTests.this.fake.getConnection();
			GuardedDataSourceTests.this.whileConnecting.run();
			return connection;
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

}
