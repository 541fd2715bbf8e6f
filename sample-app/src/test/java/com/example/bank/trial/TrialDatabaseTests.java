package com.example.bank.trial;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Properties;
import java.util.Queue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * How the database is looked at while it is broken: a connection that failed is closed
 * and not used again. What the SQL does is tested with a server.
 */
class TrialDatabaseTests {

	private static final String URL = "jdbc:fake://db/bank";

	private final Driver driver = mock(Driver.class);

	private final Queue<Connection> connections = new ArrayDeque<>();

	private final JdbcConnectionDetails details = mock(JdbcConnectionDetails.class);

	private final TrialDatabase database = new TrialDatabase(this.details);

	@BeforeEach
	void register() throws SQLException {
		given(this.details.getJdbcUrl()).willReturn(URL);
		given(this.driver.connect(any(), any()))
			.willAnswer((call) -> URL.equals(call.getArgument(0)) ? this.connections.remove() : null);
		DriverManager.registerDriver(this.driver);
	}

	@AfterEach
	void deregister() throws SQLException {
		DriverManager.deregisterDriver(this.driver);
	}

	@Test
	void looksAtOneMoment() throws SQLException {
		Connection connection = connection();
		assertThat(this.database.<String>look((snapshot) -> {
			assertThat(snapshot.connection()).isSameAs(connection);
			return "seen";
		})).isEqualTo("seen");
		InOrder order = inOrder(connection);
		order.verify(connection).setAutoCommit(false);
		order.verify(connection).setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		order.verify(connection).commit();
		order.verify(connection).setAutoCommit(true);
		this.database.look((snapshot) -> "again");
		then(connection).should(never()).close();
	}

	@Test
	void connectsAnewAfterAFailure() throws SQLException {
		Connection broken = connection();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.database.look((snapshot) -> {
			throw new SQLException("lost");
		})).withMessage("lost");
		then(broken).should().close();
		Connection fresh = connection();
		Connection used = this.database.look(LedgerSnapshot::connection);
		assertThat(used).isSameAs(fresh);
	}

	@Test
	void leavesNoTransactionOpenIfThePersonWhoAsksFails() throws SQLException {
		Connection connection = connection();
		assertThatIllegalStateException().isThrownBy(() -> this.database.look((snapshot) -> {
			throw new IllegalStateException("a defect");
		}));
		then(connection).should().close();
	}

	@Test
	void closesAConnectionThatBreaksAtOnce() throws SQLException {
		Connection broken = connection();
		given(broken.createStatement()).willThrow(new SQLException("terminated"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.database.look((snapshot) -> "unseen"))
			.withMessage("terminated");
		then(broken).should().close();
	}

	@Test
	void connectsAnewAfterSessionsCouldNotBeEnded() throws SQLException {
		Connection broken = connection();
		given(broken.prepareStatement(anyString())).willThrow(new SQLException("terminated"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.database::endSessions);
		then(broken).should().close();
	}

	@Test
	void leavesNothingBehindAndIsClosedEvenIfThatFails() throws SQLException {
		Connection connection = connection();
		Statement statement = connection.createStatement();
		given(statement.execute(contains("drop schema"))).willThrow(new SQLException("no permission"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.database::close).withMessage("no permission");
		then(connection).should().close();
	}

	@Test
	void endOfABrokenConnectionDoesNotHideWhyItBroke() throws SQLException {
		Connection broken = connection();
		willThrow(new SQLException("broken pipe")).given(broken).close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.database.look((snapshot) -> {
			throw new SQLException("lost");
		})).withMessage("lost");
	}

	@Test
	void banksReachTheSchemaByWhateverWay() throws SQLException {
		given(this.details.getUsername()).willReturn("ada");
		TrialDatabase.Access access = this.database.access("jdbc:postgresql://a:1/b");
		assertThat(access.url()).matches("jdbc:postgresql://a:1/b\\?currentSchema=bank_trial_[0-9a-f]+");
		assertThat(access.username()).isEqualTo("ada");
		assertThat(access.password()).isEmpty();
		assertThat(this.database.access("jdbc:postgresql://a:1/b?ssl=true").url())
			.startsWith("jdbc:postgresql://a:1/b?ssl=true&currentSchema=");
	}

	@Test
	void itsOwnSessionsHaveAnotherNameThanThoseThatAreEnded() throws SQLException {
		connection();
		this.database.look((snapshot) -> "seen");
		ArgumentCaptor<Properties> properties = ArgumentCaptor.captor();
		then(this.driver).should().connect(any(), properties.capture());
		assertThat(List.of(properties.getValue().getProperty("ApplicationName")))
			.doesNotContain(TrialDatabase.APPLICATION_NAME);
		assertThat(properties.getValue()).containsKeys("connectTimeout", "socketTimeout");
	}

	private Connection connection() throws SQLException {
		Connection connection = mock(Connection.class);
		Statement statement = mock(Statement.class);
		given(connection.createStatement()).willReturn(statement);
		this.connections.add(connection);
		return connection;
	}

}
