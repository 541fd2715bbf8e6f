package io.github.resilientdb.pool.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConnectAttemptsTests {

	private static final Credentials USER = Credentials.of("user", "secret");

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final Outage outage = new Outage(() -> "bank", new Recorder(), () -> false, Duration.ofMinutes(1),
			System::nanoTime);

	private final FakeDatabase database = new FakeDatabase();

	private boolean serving;

	private @Nullable SQLException failure;

	private final ConnectAttempts attempts = attempts();

	private ConnectAttempts attempts() {
		HikariConfig config = new HikariConfig();
		config.setPoolName("bank");
		FailureClassifier classifier = new FailureClassifier(List::of);
		return new ConnectAttempts(config, new Fake(), new PrimaryRequirement(RequirePrimary.NEVER, false),
				(failure) -> classifier.classify(failure).verdict(), new Recorder(), () -> this.serving, this.outage);
	}

	@AfterEach
	void close() {
		this.outage.close();
	}

	@Test
	void opensAConnectionAndForgetsEarlierFailures() throws SQLException {
		this.failure = new SQLException("away", "08001");
		assertFails();
		assertThat(this.attempts.history().failure()).isSameAs(this.failure);
		this.failure = null;
		assertThat(this.attempts.attempt(USER, 0).connection()).isNotNull();
		assertThat(this.attempts.history().failure()).isNull();
		assertThat(this.attempts.history().longestUnderWay()).isZero();
		assertThat(this.told).containsExactly("began", "failed 08001", "ended");
	}

	@Test
	void reportsNoFailureOfOneAmongMany() {
		this.failure = new SQLException("away", "08001");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.attempts.probe(USER, 0));
		assertThat(this.told).containsExactly("began");
	}

	@Test
	void takesNoRefusalForAnOutageWhileOtherConnectionsAreServed() {
		this.serving = true;
		this.failure = new SQLException("too many clients", "53300");
		assertFails();
		assertThat(this.told).containsExactly("failed 53300");
		assertThat(this.attempts.ask(0)).isTrue();
	}

	@Test
	void takesSilenceForAnOutageWhateverElseIsOpen() {
		this.serving = true;
		this.failure = new SQLException("away", "08001");
		assertFails();
		assertThat(this.told).containsExactly("began", "failed 08001");
		assertThat(this.attempts.ask(0)).isFalse();
	}

	@Test
	void closesWhatItOnlyAskedFor() {
		assertThat(this.attempts.ask(0)).isTrue();
		assertThat(this.database.session().isClosed()).isTrue();
		assertThat(this.told).isEmpty();
	}

	@Test
	void keepsWhyAConnectionCouldNotBeSetUp() {
		SQLException failure = new SQLException("no such function", "42883");
		this.attempts.setUpFailed(failure);
		assertThat(this.attempts.history().failure()).isSameAs(failure);
		assertThat(this.told).containsExactly("failed 42883");
	}

	private void assertFails() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.attempts.attempt(USER, 0))
			.isSameAs(this.failure);
	}

	private final class Fake implements Connector {

		@Override
		public Physical connect(@Nullable String username, @Nullable String password, long deadline,
				PrimaryRequirement primary) throws SQLException {
			if (ConnectAttemptsTests.this.failure != null) {
				throw ConnectAttemptsTests.this.failure;
			}
			Connection connection = ConnectAttemptsTests.this.database.getConnection();
			return new Physical(connection, null, false, null);
		}

		@Override
		public @Nullable String probeUnavailable() {
			return null;
		}

	}

	private final class Recorder implements ConnectionPoolListener {

		@Override
		public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
			assertThat(phase).isEqualTo(Phase.CONNECT);
			ConnectAttemptsTests.this.told.add("failed " + sqlState);
		}

		@Override
		public void outageBegan(String pool, String reason) {
			ConnectAttemptsTests.this.told.add("began");
		}

		@Override
		public void outageEnded(String pool, Duration length) {
			ConnectAttemptsTests.this.told.add("ended");
		}

	}

}
