package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ServerProbeTests {

	private final FakePostgres postgres = new FakePostgres();

	private final ServerProbe probe = new ServerProbe();

	private final Connection connection = this.postgres.connect(0);

	@Test
	void readsTheStateInOneStatement() throws SQLException {
		assertThat(this.probe.probe(this.connection)).returns(FakePostgres.PID, ServerState::backendPid)
			.returns("cluster", (state) -> state.token().systemIdentifier());
		assertThat(this.postgres.log()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "57014", "53200", "55P03" })
	void whatPassesByItselfConcernsNobodyElse(String sqlState) throws SQLException {
		String columns = this.probe.columns();
		AtomicInteger failures = new AtomicInteger(1);
		FakePostgres.Answer normally = FakePostgres.row(7, "1", false, false, "cluster", "1", "2", "3");
		this.postgres.answer("pg_control_system", (parameters) -> (failures.getAndDecrement() > 0)
				? FakePostgres.failure(sqlState).to(parameters) : normally.to(parameters));
		this.probe.probe(this.connection);
		assertThat(this.probe.columns()).isEqualTo(columns);
		failures.set(2);
		assertThat(this.probe.probe(this.connection)).isNull();
		assertThat(this.probe.columns()).isEqualTo(columns);
		assertThat(this.probe.probe(this.connection)).isNotNull();
	}

	@Test
	void whatIsRefusedIsLeftOut() throws SQLException {
		this.postgres.answer("pg_control_system", FakePostgres.failure("42501"));
		this.postgres.answer("NULL, CASE WHEN", FakePostgres.row(7, "1", false, false, null, "1", "2", "3"));
		assertThat(this.probe.probe(this.connection)).returns(null, (state) -> state.token().systemIdentifier())
			.returns("1", (state) -> state.token().timeline());
		assertThat(this.probe.columns()).doesNotContain("pg_control_system");
		this.postgres.log().clear();
		this.probe.probe(this.connection);
		assertThat(this.postgres.log()).hasSize(1);
	}

	@Test
	void transactionSurvivesWhatItsRoleMayNotRead() throws SQLException {
		this.connection.setAutoCommit(false);
		this.postgres.answer("SAVEPOINT resilientdb; SELECT", FakePostgres.failure("42501"));
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("UPDATE account SET balance = 1");
		}
		ServerState state = this.probe.query(this.connection, "", (row) -> ServerState.read(row, 1));
		assertThat(state).isNull();
		assertThat(this.postgres.log()).last().asString().startsWith("ROLLBACK TO SAVEPOINT");
		assertThat(this.connection.unwrap(BaseConnection.class).getTransactionState()).isEqualTo(TransactionState.OPEN);
	}

	@Test
	void lossIsNoRefusal() {
		this.postgres.answer("pg_catalog.pg_backend_pid(), (SELECT", FakePostgres.failure("08006"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.probe.probe(this.connection));
		assertThat(this.probe.columns()).contains("pg_control_system");
	}

}
