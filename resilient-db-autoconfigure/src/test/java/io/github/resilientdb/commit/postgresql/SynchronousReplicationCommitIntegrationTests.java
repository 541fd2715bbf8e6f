package io.github.resilientdb.commit.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A COMMIT that is lost while it waits for a synchronous standby that never answers.
 */
class SynchronousReplicationCommitIntegrationTests {

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	private EmbeddedPostgresServer server;

	@BeforeEach
	void start() {
		this.server = PostgresServer.embedded().start();
	}

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
		this.server.close();
	}

	private Bank bank(VerificationMode mode, Duration timeout) throws Exception {
		Bank bank = new Bank(this.server, CommitSettings.of(mode, timeout, true));
		bank.protocol().choose();
		return bank;
	}

	private void standbys(String names) {
		this.server.execute("SET synchronous_commit = local",
				"ALTER SYSTEM SET synchronous_standby_names = '" + names + "'", "SELECT pg_reload_conf()");
		Awaitility.await().until(() -> names.equals(this.server.queryForString("SHOW synchronous_standby_names")));
	}

	/**
	 * Lose a COMMIT while it waits for the standby.
	 */
	private Future<CommitOutcome> loseCommit(Bank bank, Teller teller) {
		standbys("ghost");
		Future<CommitOutcome> outcome = this.executor.submit(() -> teller.commit());
		Awaitility.await().until(this::isWaiting);
		bank.proxy().halfOpen();
		return outcome;
	}

	private boolean isWaiting() {
		return waiting() > 0;
	}

	private int waiting() {
		return this.server.queryForInt("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void commitThatWaitsForItsStandbyIsNotFenced(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode, Duration.ofSeconds(2)); Teller teller = bank.teller().transfer(2)) {
			CommitOutcome outcome = loseCommit(bank, teller).get(30, TimeUnit.SECONDS);
			assertThat(outcome).isInstanceOfSatisfying(Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.SYNC_REPLICATION_PENDING));
			assertThat(bank.fenced()).isZero();
			assertThat(isWaiting()).isTrue();
			standbys("");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void commitIsConfirmedOnceReplicationGoesOn(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode, Duration.ofSeconds(10)); Teller teller = bank.teller().transfer(2)) {
			Future<CommitOutcome> outcome = loseCommit(bank, teller);
			Awaitility.await().until(() -> bank.verificationConnections() > 1);
			standbys("");
			assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(Committed.VERIFIED);
			assertThat(bank.fenced()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void commitThatIsVisibleButNotReplicatedIsUnknown(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode, Duration.ofSeconds(2)); Teller teller = bank.teller().transfer(2)) {
			Future<CommitOutcome> outcome = loseCommit(bank, teller);
			this.server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
			assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOfSatisfying(Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.NOT_REPLICATED));
			assertThat(bank.rows(2)).isOne();
			standbys("");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void barriersThatWaitLeaveNothingBehindAndLaterLookUpsGoOn(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode, Duration.ofSeconds(2)); Teller teller = bank.teller().transfer(2)) {
			Future<CommitOutcome> outcome = loseCommit(bank, teller);
			this.server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
			assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOfSatisfying(Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.NOT_REPLICATED));
			Awaitility.await().until(() -> !isWaiting());
			standbys("");
			try (Teller next = bank.teller().transfer(3)) {
				bank.proxy().arm(Fault.DROP_RESPONSE);
				assertThat(next.commit()).isEqualTo(Committed.VERIFIED);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void ofManyBarriersTwoWaitAtMost(VerificationMode mode) throws Exception {
		ExecutorService callers = Executors.newCachedThreadPool();
		try (Bank bank = bank(mode, Duration.ofSeconds(3))) {
			List<Teller> tellers = new ArrayList<>();
			for (int id = 2; id < 8; id++) {
				tellers.add(bank.teller().execute("INSERT INTO account (id) VALUES (%d)".formatted(id)));
			}
			standbys("ghost");
			List<Future<CommitOutcome>> outcomes = tellers.stream()
				.map((teller) -> callers.submit(() -> teller.commit()))
				.toList();
			Awaitility.await().until(() -> waiting() == tellers.size());
			String lost = this.server
				.queryForString("SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
			bank.proxy().halfOpen();
			this.server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
			int most = 0;
			while (!outcomes.stream().allMatch(Future::isDone)) {
				most = Math.max(most, this.server.queryForInt("SELECT count(*) FROM pg_stat_activity"
						+ " WHERE wait_event = 'SyncRep' AND pid NOT IN (%s)".formatted(lost)));
			}
			assertThat(most).isBetween(1, 2);
			assertThat(bank.mostVerificationConnections()).isLessThanOrEqualTo(2);
			for (Future<CommitOutcome> outcome : outcomes) {
				assertThat(outcome.get()).isInstanceOf(Unknown.class);
			}
			// whoever asks next ends one that could not be cancelled; nobody does here
			assertThat(waiting()).isLessThanOrEqualTo(2);
			standbys("");
			Awaitility.await().until(() -> !isWaiting());
			for (Teller teller : tellers) {
				teller.close();
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void barrierIsNotWeakerThanTheTransaction(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode, Duration.ofSeconds(2))) {
			bank.execute("ALTER DATABASE %s SET synchronous_commit = local".formatted(bank.database()));
			try (Teller teller = bank.teller().execute("SET LOCAL synchronous_commit = on").transfer(2)) {
				Future<CommitOutcome> outcome = loseCommit(bank, teller);
				this.server
					.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
				assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOfSatisfying(Unknown.class,
						(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.NOT_REPLICATED));
			}
			standbys("");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void lostTransactionIsNotCommittedWithoutWaitingForTheStandby(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode, Duration.ofSeconds(2)); Teller teller = bank.teller().transfer(2)) {
			standbys("ghost");
			bank.proxy().arm(Fault.DROP_REQUEST);
			assertThat(teller.commit()).isInstanceOf(CommitOutcome.NotCommitted.class);
			standbys("");
		}
	}

}
