package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.commit.VerificationMode;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The decision how to verify, when it is made by the transactions that need it.
 */
class CommitProtocolTests {

	private final FakePostgres postgres = new FakePostgres();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final AtomicInteger attempts = new AtomicInteger();

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
	}

	private CommitProtocol protocol(VerificationConnections connections) {
		CommitSettings settings = CommitSettings.of(VerificationMode.XID, Duration.ofSeconds(5), true);
		return CommitProtocols.create(settings, (deadline) -> {
			this.attempts.incrementAndGet();
			return connections.open(deadline);
		}, CommitListener.NONE);
	}

	private CommitOutcome commit(CommitProtocol protocol, Deadline deadline) throws SQLException {
		Connection physical = this.postgres.connect(0);
		CommitSession session = protocol.open(physical, null);
		physical.setAutoCommit(false);
		try (Statement statement = physical.createStatement()) {
			statement.execute("UPDATE account SET balance = 1");
		}
		CommitOutcome outcome = session.commit(physical, new CommitRequest(true, false, deadline.nanos()));
		assertThat(physical.isClosed()).isFalse();
		physical.close();
		return outcome;
	}

	@Test
	void credentialsThatCannotBeHadDoNotKeepACommitFromBeingSent() throws Exception {
		CommitProtocol protocol = protocol((deadline) -> {
			throw new IllegalStateException("no credentials");
		});
		assertThat(commit(protocol, Deadline.after(Duration.ofSeconds(30)))).isSameAs(Committed.ORDINARY);
		assertThat(this.postgres.sent("COMMIT")).isOne();
		assertThat(this.attempts).hasValue(1);
		assertThatExceptionOfType(SQLException.class).isThrownBy(protocol::choose).withMessageContaining("credentials");
	}

	@Test
	void driverThatDoesNotLinkDoesNotKeepACommitFromBeingSent() throws Exception {
		CommitProtocol protocol = protocol((deadline) -> {
			throw new NoClassDefFoundError("com/example/Missing");
		});
		assertThat(commit(protocol, Deadline.after(Duration.ofSeconds(30)))).isSameAs(Committed.ORDINARY);
	}

	@Test
	void oneOfThoseThatWaitForTheDecisionTriesAndTheOthersFollow() throws Exception {
		CompletableFuture<Void> silence = new CompletableFuture<>();
		CommitProtocol protocol = protocol((deadline) -> {
			silence.join();
			throw new SQLException("timed out", "08001");
		});
		List<Future<CommitOutcome>> commits = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			commits.add(this.executor.submit(() -> commit(protocol, Deadline.after(Duration.ofSeconds(60)))));
		}
		Awaitility.await().untilAtomic(this.attempts, Matchers.is(1));
		silence.complete(null);
		for (Future<CommitOutcome> commit : commits) {
			assertThat(commit.get(30, TimeUnit.SECONDS)).isSameAs(Committed.ORDINARY);
		}
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void whoWaitsForTheDecisionOfAnotherWaitsNoLongerThanItsOwnDeadline() throws Exception {
		CompletableFuture<Void> silence = new CompletableFuture<>();
		CommitProtocol protocol = protocol((deadline) -> {
			silence.join();
			throw new SQLException("timed out", "08001");
		});
		Future<CommitOutcome> stuck = this.executor
			.submit(() -> commit(protocol, Deadline.after(Duration.ofSeconds(60))));
		Awaitility.await().untilAtomic(this.attempts, Matchers.is(1));
		assertThat(commit(protocol, Deadline.after(Duration.ofMillis(50)))).isSameAs(Committed.ORDINARY);
		assertThat(stuck).isNotDone();
		silence.complete(null);
		assertThat(stuck.get(30, TimeUnit.SECONDS)).isSameAs(Committed.ORDINARY);
	}

	@Test
	void connectIsGivenTheDeadlineOfTheCall() throws Exception {
		List<Long> deadlines = new ArrayList<>();
		CommitProtocol protocol = protocol((deadline) -> {
			deadlines.add(deadline);
			throw new SQLException("refused", "08001");
		});
		Deadline deadline = Deadline.after(Duration.ofMillis(500));
		commit(protocol, deadline);
		assertThat(deadlines).containsExactly(deadline.nanos());
	}

}
