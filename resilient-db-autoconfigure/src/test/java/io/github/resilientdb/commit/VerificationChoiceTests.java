package io.github.resilientdb.commit;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * When, and on what connection, a verification is chosen.
 */
class VerificationChoiceTests {

	private final List<String> asked = new ArrayList<>();

	private final List<CommitChoice> told = new ArrayList<>();

	private final Dialect dialect = new Dialect();

	private final CommitProtocol protocol = new CommitProtocol(CommitSettings.of(VerificationMode.AUTO, null, true),
			(deadline) -> connection("beside"), new CommitListener() {

				@Override
				public void chosen(CommitChoice choice) {
					VerificationChoiceTests.this.told.add(choice);
				}

			}, (gate, decider) -> {
				this.dialect.decider = decider;
				return this.dialect;
			});

	private void open(Connection physical) throws SQLException {
		this.protocol.open(physical, null);
	}

	private void transaction() {
		this.dialect.decider.accept(Long.MAX_VALUE);
	}

	@Test
	void firstConnectionChoosesForAll() throws SQLException {
		this.protocol.chooseWhenConnected();
		assertThat(this.asked).isEmpty();
		open(connection("first"));
		open(connection("second"));
		transaction();
		assertThat(this.protocol.choose()).isEqualTo(this.dialect.choice);
		assertThat(this.asked).containsExactly("first, schema in place");
		assertThat(this.told).containsExactly(this.dialect.choice);
	}

	@Test
	void connectionsChooseNothingBeforeTheSchemaIsInPlace() throws SQLException {
		open(connection("of a migration"));
		assertThat(this.asked).isEmpty();
	}

	@Test
	void lostConnectionIsReportedAndNoOtherIsPutAtRisk() throws SQLException {
		this.protocol.chooseWhenConnected();
		this.dialect.failure = new SQLException("no transactions here", "08P01");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> open(connection("first")))
			.isSameAs(this.dialect.failure);
		open(connection("second"));
		assertThat(this.asked).containsExactly("first, schema in place");
		this.dialect.failure = null;
		transaction();
		assertThat(this.asked).containsExactly("first, schema in place", "beside, schema in place");
		assertThat(this.told).hasSize(1);
	}

	@Test
	void whatAConnectionIsRefusedIsLeftToTheFirstTransaction() throws SQLException {
		this.protocol.chooseWhenConnected();
		this.dialect.failure = new SQLException("permission denied", "42501");
		open(connection("first"));
		open(connection("second"));
		assertThat(this.told).isEmpty();
		this.dialect.failure = null;
		transaction();
		assertThat(this.asked).containsExactly("first, schema in place", "beside, schema in place");
		assertThat(this.told).hasSize(1);
	}

	@Test
	void whatAMigrationMadeNecessaryIsChosenAgain() throws SQLException {
		open(connection("of a migration"));
		transaction();
		assertThat(this.asked).containsExactly("beside, schema coming");
		this.protocol.choose();
		this.protocol.choose();
		assertThat(this.asked).containsExactly("beside, schema coming", "beside, schema in place");
		assertThat(this.told).hasSize(1); // it is the same
	}

	private static Connection connection(String name) {
		return (Connection) Proxy.newProxyInstance(VerificationChoiceTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "toString" -> name;
					case "isClosed" -> false;
					default -> null;
				});
	}

	private final class Dialect implements CommitDialect {

		private final CommitChoice choice = new CommitChoice(Verification.XID, "because");

		private LongConsumer decider = (deadline) -> {
		};

		private @Nullable SQLException failure;

		private @Nullable CommitChoice made;

		@Override
		public boolean supports(Connection connection) {
			return true;
		}

		@Override
		public CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) {
			return openLazily(physical, lastAnswer);
		}

		@Override
		public CommitSession openLazily(Connection physical, @Nullable LongSupplier lastAnswer) {
			return (CommitSession) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { CommitSession.class }, (proxy, method, arguments) -> null);
		}

		@Override
		public CommitChoice choose(Connection connection, boolean schemaInPlace) throws SQLException {
			VerificationChoiceTests.this.asked
				.add(connection + (schemaInPlace ? ", schema in place" : ", schema coming"));
			if (this.failure != null) {
				throw this.failure;
			}
			this.made = this.choice;
			return this.choice;
		}

		@Override
		public @Nullable CommitChoice choice() {
			return this.made;
		}

		@Override
		public int cleanUp(Connection connection, Deadline deadline) {
			return 0;
		}

	}

}
