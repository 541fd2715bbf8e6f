package io.github.resilientdb.sweep;

import java.net.ConnectException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.Disconnects;
import io.github.resilientdb.test.FaultKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Single faults of the test kit in ordinary tests.
 */
@SpringBootTest(classes = DisconnectTestIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = { "logging.level.root=error", "resilientdb.retry.deadline=20s" })
@DisconnectTest
class DisconnectsIntegrationTests {

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase();

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private Retryably tx;

	@Autowired
	private HikariDataSource pool;

	private int attempts;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 3);
		properties.add("spring.datasource.hikari.data-source-properties.socketTimeout", () -> 5);
	}

	@BeforeEach
	void reset() {
		this.jdbc.execute("create table if not exists note (id bigserial primary key, text text); delete from note");
	}

	@Test
	void losesTheReplyOfCommit(Disconnects disconnects) throws Exception {
		disconnects.loseNextCommitReply();
		this.tx.call(() -> insert("a"));
		assertThat(notes()).containsExactly("a");
	}

	@Test
	void endsSessions(Disconnects disconnects) throws Exception {
		twoNotesAnd(() -> assertThat(disconnects.endSessions()).isPositive());
		assertThat(notes()).containsExactly("a", "b");
		assertThat(this.attempts).isEqualTo(2);
	}

	@Test
	void resetsConnections(Disconnects disconnects) throws Exception {
		twoNotesAnd(disconnects::reset);
		assertThat(notes()).containsExactly("a", "b");
		assertThat(this.attempts).isEqualTo(2);
	}

	@Test
	void silencesConnections(Disconnects disconnects) throws Exception {
		twoNotesAnd(disconnects::silence);
		assertThat(notes()).containsExactly("a", "b");
		assertThat(this.attempts).isEqualTo(2);
	}

	@Test
	void refusesConnectionsUntilTheyAreAcceptedAgain(Disconnects disconnects) throws Exception {
		List<Thread> threads = new ArrayList<>();
		twoNotesAnd(() -> {
			disconnects.refuse();
			disconnects.reset();
			assertThatExceptionOfType(SQLException.class).isThrownBy(this::connect)
				.withRootCauseInstanceOf(ConnectException.class);
			threads.add(new Thread(disconnects::accept));
			threads.get(0).start();
		});
		threads.get(0).join();
		assertThat(notes()).containsExactly("a", "b");
		assertThat(this.attempts).isEqualTo(2);
	}

	@Test
	void delaysWhatIsSent(Disconnects disconnects) {
		Duration oneWay = Duration.ofMillis(150);
		disconnects.latency(oneWay);
		long start = System.nanoTime();
		this.jdbc.queryForObject("select 1", int.class);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(oneWay.multipliedBy(2));
		disconnects.latency(Duration.ZERO);
	}

	@Test
	void placesAFaultAtAStatement(Disconnects disconnects) {
		disconnects.at(FaultKind.REQUEST_LOST, "insert into note");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> insert("a"));
		assertThat(notes()).isEmpty();
	}

	@Test
	void aStandbyRefusesToWrite(Disconnects disconnects) {
		disconnects.at(FaultKind.STANDBY, "insert into note");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> insert("a"))
			.havingRootCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("25006"));
	}

	@Test
	void aFaultThatDidNotFireFailsTheTest(Disconnects disconnects) {
		disconnects.at(FaultKind.REQUEST_LOST, "insert into elsewhere");
		insert("a");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(disconnects::mend)
			.withMessageContaining("never came: REQUEST_LOST at 'insert into elsewhere'");
	}

	private void twoNotesAnd(Runnable fault) throws Exception {
		this.tx.call(() -> {
			insert("a");
			if (++this.attempts == 1) {
				fault.run();
			}
			return insert("b");
		});
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(this.pool.getJdbcUrl(), database.server().username(),
				database.server().password());
	}

	private int insert(String text) {
		return this.jdbc.update("insert into note (text) values (?)", text);
	}

	private List<String> notes() {
		return this.jdbc.queryForList("select text from note order by id", String.class);
	}

}
