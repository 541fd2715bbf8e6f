package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.postgresql.MarkerQuestion.Lifetime;
import io.github.resilientdb.testsupport.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator is told of a marker: as long as it is certain to be there, by the
 * server's clock, and no longer.
 */
class MarkerStatementIntegrationTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final PostgresServer server = PostgresServer.shared();

	private final UUID marker = UUID.randomUUID();

	@ParameterizedTest
	@CsvSource({ "C, 1, committed", "A, 1, committed", "F, 1, not committed",
			"'', 1, 'not committed, unless still in progress'", "C, -1, committed", "F, -1, not committed",
			"'', -1, unknown" })
	void statementTellsWhatIsCertain(String status, int hours, String told) throws SQLException {
		String schema = this.server.createSchema();
		this.server.execute("create table %s.marker (id uuid, status \"char\")".formatted(schema));
		if (!status.isEmpty()) {
			this.server.execute("insert into %s.marker values ('%s', '%s')".formatted(schema, this.marker, status));
		}
		MarkerQuestion question = question(schema, Lifetime.of(HOUR.multipliedBy(hours)));
		assertThat(question.unknown(UnknownReason.UNREACHABLE)).isInstanceOfSatisfying(Unknown.class,
				(unknown) -> assertThat(run(unknown.statement())).isEqualTo(told));
		this.server.execute("drop schema %s cascade".formatted(schema));
	}

	@Test
	void thereIsNoStatementForAMarkerThatMayBeGone() {
		assertThat(question("public", Lifetime.of(HOUR)).unknown(UnknownReason.TOO_OLD))
			.isInstanceOfSatisfying(Unknown.class, (unknown) -> assertThat(unknown.statement()).isEmpty());
	}

	/**
	 * The monotonic clock may stand still while a virtual machine is suspended.
	 */
	@Test
	void lifeIsOverByEitherClock() {
		long now = System.nanoTime();
		assertThat(new Lifetime(now + HOUR.toNanos(), Instant.now().plus(HOUR)).isOver()).isFalse();
		assertThat(new Lifetime(now + HOUR.toNanos(), Instant.now().minusSeconds(1)).isOver()).isTrue();
		assertThat(new Lifetime(now - 1, Instant.now().plus(HOUR)).isOver()).isTrue();
	}

	private MarkerQuestion question(String schema, Lifetime life) {
		return new MarkerQuestion(new MarkerTable(schema, "marker"), this.marker, ServerState.UNKNOWN, null,
				new BackendFence(false, CommitListener.NONE), new Barrier(), life, new SQLException("lost", "08006"));
	}

	private @Nullable String run(String statement) {
		try (Connection connection = DriverManager.getConnection(this.server.jdbcUrl(), this.server.username(),
				this.server.password());
				Statement operator = connection.createStatement();
				ResultSet row = operator.executeQuery(statement)) {
			row.next();
			return row.getString(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
