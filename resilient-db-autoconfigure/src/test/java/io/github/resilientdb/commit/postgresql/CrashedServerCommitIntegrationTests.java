package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.PostgresServer.Mode;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A COMMIT that is lost together with the server.
 */
class CrashedServerCommitIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(CrashedServerCommitIntegrationTests.class);

	private EmbeddedPostgresServer server;

	@BeforeEach
	void start() {
		// A transaction id is handed out again only if no background write saved it.
		this.server = PostgresServer.embedded().setting("wal_writer_delay", "10s").setting("autovacuum", "off").start();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private static CommitSettings settings(VerificationMode mode) {
		return CommitSettings.of(mode, Duration.ofSeconds(60), true);
	}

	private Bank bank(VerificationMode mode) throws SQLException {
		Bank bank = new Bank(this.server, settings(mode));
		bank.protocol().choose();
		return bank;
	}

	/**
	 * Run transactions until an id was handed out.
	 */
	private void useUp(Bank bank, long xid) {
		bank.execute("CREATE TABLE IF NOT EXISTS filler (id int)");
		for (int i = 0; i < 1000 && bank.count("SELECT txid_snapshot_xmax(txid_current_snapshot())") <= xid; i++) {
			bank.execute("INSERT INTO filler VALUES (1)");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void cleanRestartWithoutCommitIsNotCommitted(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_REQUEST_SERVER_OPEN);
			bank.beforeVerification(() -> this.server.restart(Mode.FAST));
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			assertThat(bank.rows(2)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void cleanRestartAfterCommitIsCommitted(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_RESPONSE);
			bank.beforeVerification(() -> this.server.restart(Mode.FAST));
			assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
		}
	}

	@ParameterizedTest
	@CsvSource({ "XID, immediate stop", "XID, kill", "MARKER, immediate stop", "MARKER, kill" })
	void transactionIdThatIsHandedOutAgainIsNotTakenForOurs(VerificationMode mode, String crash) throws Exception {
		try (Bank bank = bank(mode); Teller teller = bank.teller().transfer(2)) {
			long xid = teller.xid();
			String started = this.server.queryForString("SELECT pg_postmaster_start_time()");
			bank.proxy().arm(Fault.DROP_REQUEST_SERVER_OPEN);
			bank.beforeVerification(() -> {
				crash(crash);
				useUp(bank, xid);
			});
			CommitOutcome outcome = teller.commit();
			assertThat(this.server.queryForString("SELECT txid_status(%d)".formatted(xid))).isEqualTo("committed");
			assertThat(bank.rows(2)).isZero();
			assertThat(this.server.queryForString("SELECT pg_postmaster_start_time()").equals(started))
				.isEqualTo(crash.equals("kill"));
			if (mode == VerificationMode.XID) {
				assertThat(outcome).isInstanceOfSatisfying(Unknown.class, (unknown) -> {
					assertThat(unknown.reason()).isEqualTo(UnknownReason.SERVER_RESTARTED);
					assertThat(unknown.statement()).isEmpty();
				});
			}
			else {
				assertThat(outcome).isInstanceOf(NotCommitted.class);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "XID, immediate stop", "XID, kill", "MARKER, immediate stop", "MARKER, kill" })
	void commitJustBeforeACrash(VerificationMode mode, String crash) throws Exception {
		try (Bank bank = bank(mode); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_RESPONSE);
			bank.beforeVerification(() -> crash(crash));
			CommitOutcome outcome = teller.commit();
			assertThat(bank.rows(2)).isOne();
			if (mode == VerificationMode.XID) {
				assertThat(outcome).isInstanceOfSatisfying(Unknown.class,
						(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.SERVER_RESTARTED));
			}
			else {
				assertThat(outcome).isEqualTo(Committed.VERIFIED);
			}
		}
	}

	private void crash(String how) {
		if (how.equals("kill")) {
			this.server.crashBackend();
		}
		else {
			this.server.restart(Mode.IMMEDIATE);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void standbyThatMissedTheCommitIsPromoted(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode); EmbeddedPostgresServer standby = PostgresServer.standbyOf(this.server)) {
			try (Teller teller = bank.teller().transfer(2)) {
				long xid = teller.xid();
				bank.proxy().arm(Fault.DROP_RESPONSE);
				bank.beforeVerification(() -> {
					this.server.stop(Mode.IMMEDIATE);
					standby.start();
					standby.promote();
					bank.moveTo(standby);
					useUp(bank, xid);
				});
				CommitOutcome outcome = teller.commit();
				assertThat(bank.rows(2)).isZero();
				if (mode == VerificationMode.XID) {
					assertThat(outcome).isInstanceOfSatisfying(Unknown.class,
							(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.SERVER_RESTARTED));
				}
				else {
					assertThat(outcome).isInstanceOf(NotCommitted.class);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void answerOfAStandbyDoesNotCount(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode); EmbeddedPostgresServer standby = PostgresServer.standbyOf(this.server)) {
			standby.start();
			AtomicInteger asked = new AtomicInteger();
			try (Teller teller = bank.teller().transfer(2)) {
				bank.proxy().arm(Fault.DROP_RESPONSE);
				bank.verifyingAt(() -> bank.url((asked.incrementAndGet() <= 1) ? standby : this.server));
				assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
				assertThat(asked).hasValueGreaterThan(1);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void onlyAStandbyIsReachable(VerificationMode mode) throws Exception {
		CommitSettings settings = CommitSettings.of(mode, Duration.ofSeconds(3), true);
		try (Bank bank = new Bank(this.server, settings)) {
			bank.protocol().choose();
			try (EmbeddedPostgresServer standby = PostgresServer.standbyOf(this.server)) {
				standby.start();
				try (Teller teller = bank.teller().transfer(2)) {
					bank.proxy().arm(Fault.DROP_RESPONSE);
					bank.verifyingAt(() -> bank.url(standby));
					assertThat(teller.commit()).isInstanceOfSatisfying(Unknown.class,
							(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.STANDBY_ONLY));
				}
			}
		}
	}

	@Test
	void readOnlyWorkOnAStandbyIsNotCommitted() throws Exception {
		try (Bank bank = bank(VerificationMode.MARKER);
				EmbeddedPostgresServer standby = PostgresServer.standbyOf(this.server)) {
			standby.start();
			bank.moveTo(standby);
			try (var proxy = FaultProxy.inFrontOf(standby);
					Teller teller = bank.teller(proxy.jdbcUrl(bank.database()))) {
				teller.execute("SELECT * FROM account");
				assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
				teller.execute("SELECT * FROM account");
				proxy.arm(Fault.DROP_RESPONSE);
				assertThat(teller.commit()).isInstanceOfSatisfying(NotCommitted.class,
						(outcome) -> assertThat(outcome.reason()).isEqualTo(NotCommittedReason.READ_ONLY));
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void answerOfAnotherClusterDoesNotCount(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode);
				Teller teller = bank.teller().transfer(2);
				EmbeddedPostgresServer other = PostgresServer.embedded().clusterOfItsOwn().start()) {
			other.createDatabase(bank.database());
			bank.proxy().arm(Fault.DROP_RESPONSE);
			bank.verifyingAt(() -> bank.url(other));
			assertThat(teller.commit()).isInstanceOfSatisfying(Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.DIFFERENT_CLUSTER));
		}
	}

	@Test
	void statisticsThatWereResetMakeACommitUnknown() throws Exception {
		try (Bank bank = bank(VerificationMode.XID); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_RESPONSE);
			bank.beforeVerification(() -> this.server.execute("SELECT pg_stat_reset_shared('bgwriter')"));
			assertThat(teller.commit()).isInstanceOfSatisfying(Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.SERVER_RESTARTED));
		}
	}

	@Test
	void statisticsThatWereResetDoNotMakeOurTransactionAnothersOne() throws Exception {
		CommitSettings settings = CommitSettings.of(VerificationMode.XID, Duration.ofSeconds(3), true);
		try (Bank bank = new Bank(this.server, settings)) {
			bank.protocol().choose();
			try (Teller teller = bank.teller().transfer(2)) {
				ArmedFault late = bank.proxy().arm(Fault.lateRequest(Duration.ofMillis(1500)));
				bank.beforeVerification(() -> this.server.execute("SELECT pg_stat_reset_shared('bgwriter')"));
				assertThat(teller.commit()).isInstanceOfSatisfying(Unknown.class,
						(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.SERVER_RESTARTED));
				late.awaitAnswered(Duration.ofSeconds(30));
				assertThat(bank.rows(2)).isOne();
				assertThat(bank.fenced()).isZero();
			}
		}
	}

	@Test
	void roleWithoutRightsOnTheLogFallsBackToStartAndStatistics() throws Exception {
		try (Bank bank = new Bank(this.server, settings(VerificationMode.XID))) {
			bank.execute("REVOKE EXECUTE ON FUNCTION pg_walfile_name(pg_lsn) FROM PUBLIC",
					"REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
					"CREATE ROLE app LOGIN PASSWORD 'postgres'", "GRANT ALL ON account TO app");
			bank.with("user", "app");
			bank.protocol().choose();
			try (Teller teller = bank.teller().transfer(2)) {
				bank.proxy().arm(Fault.DROP_RESPONSE);
				assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
			}
			try (Teller teller = bank.teller().transfer(3)) {
				long xid = teller.xid();
				bank.proxy().arm(Fault.DROP_REQUEST_SERVER_OPEN);
				bank.beforeVerification(() -> {
					this.server.crashBackend();
					useUp(bank, xid);
				});
				assertThat(teller.commit()).isInstanceOfSatisfying(Unknown.class,
						(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.SERVER_RESTARTED));
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void crashStorm(VerificationMode mode) throws Exception {
		int workers = 8;
		int rounds = Integer.getInteger("resilientdb.test.storm-rounds", 4);
		AtomicLong ids = new AtomicLong(1000);
		AtomicInteger unknown = new AtomicInteger();
		int committed = 0;
		AtomicInteger rerun = new AtomicInteger();
		ExecutorService executor = Executors.newFixedThreadPool(workers);
		try (Bank bank = bank(mode)) {
			bank.proxy().latency(Duration.ofMillis(1));
			bank.execute("CREATE SEQUENCE ids", "CREATE TABLE ledger (id bigint)");
			for (int round = 0; round < rounds; round++) {
				AtomicBoolean over = new AtomicBoolean();
				List<Future<Integer>> done = new ArrayList<>();
				for (int worker = 0; worker < workers; worker++) {
					done.add(executor.submit(new Worker(bank, ids, over, unknown, rerun)));
				}
				long goal = ids.get() + ThreadLocalRandom.current().nextInt(20, 200);
				Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> ids.get() >= goal);
				switch (round % 4) {
					case 0 -> this.server.restart(Mode.IMMEDIATE);
					case 1 -> this.server.crashBackend();
					case 2 -> bank.proxy().reset();
					default -> bank.proxy().cut();
				}
				over.set(true);
				for (Future<Integer> future : done) {
					committed += future.get();
				}
			}
			int rows = bank.count("SELECT count(*) FROM account WHERE id >= 1000");
			logger.info("Crash storm, {}: {} committed, {} reruns, {} unknown, {} rows", mode, committed, rerun,
					unknown, rows);
			assertThat(bank.count("SELECT count(*) - count(DISTINCT id) FROM ledger")).isZero();
			assertThat(rows).isBetween(committed, committed + unknown.get());
			assertThat(bank.count("SELECT sum(balance)::int FROM account")).isEqualTo(rows);
			if (mode == VerificationMode.MARKER) {
				assertThat(unknown).hasValue(0);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * Applies transactions one after the other, each as a retry loop does: again if it
	 * was not committed, on another connection if it was lost.
	 */
	private static final class Worker implements Callable<Integer> {

		private final Bank bank;

		private final AtomicLong ids;

		private final AtomicBoolean over;

		private final AtomicInteger unknown;

		private final AtomicInteger rerun;

		private @Nullable Teller teller;

		private int committed;

		Worker(Bank bank, AtomicLong ids, AtomicBoolean over, AtomicInteger unknown, AtomicInteger rerun) {
			this.bank = bank;
			this.ids = ids;
			this.over = over;
			this.unknown = unknown;
			this.rerun = rerun;
		}

		@Override
		public Integer call() {
			for (int i = 0; i < 5 || !this.over.get(); i++) {
				apply(this.ids.incrementAndGet());
			}
			return this.committed;
		}

		private void apply(long id) {
			long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
			while (System.nanoTime() - end < 0) {
				try {
					if (attempt(id)) {
						return;
					}
					this.rerun.incrementAndGet();
				}
				catch (SQLException ex) {
					// Not connected, or lost before COMMIT.
					LockSupport.parkNanos(5_000_000);
				}
				this.teller = null;
			}
			throw new IllegalStateException("Still not applied");
		}

		private boolean attempt(long id) throws SQLException {
			Teller used = (this.teller != null) ? this.teller : this.bank.teller();
			this.teller = used;
			used.execute("INSERT INTO account (id, balance) VALUES (nextval('ids') + 1000, 1)",
					"INSERT INTO ledger VALUES (%d)".formatted(id));
			CommitOutcome outcome = used.commit();
			if (outcome != Committed.ORDINARY) {
				this.teller = null;
			}
			if (outcome instanceof Unknown) {
				this.unknown.incrementAndGet();
			}
			if (outcome instanceof Committed) {
				this.committed++;
			}
			return !(outcome instanceof NotCommitted);
		}

	}

}
