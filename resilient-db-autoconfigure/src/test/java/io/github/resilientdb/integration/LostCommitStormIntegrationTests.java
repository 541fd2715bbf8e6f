package io.github.resilientdb.integration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.integration.CommittingApplication.Kind;
import io.github.resilientdb.integration.CommittingApplication.Manager;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.PostgresServer.Mode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight workers write with JPA while the server crashes and connections are cut, each
 * time with COMMITs in flight. What is there in the end is what the calls returned, and
 * of those whose outcome nobody knew, some.
 */
class LostCommitStormIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Logger logger = LoggerFactory.getLogger(LostCommitStormIntegrationTests.class);

	@ParameterizedTest
	@CsvSource({ "18, xid", "18, marker", "14, xid", "14, marker" })
	void isSurvived(String version, String verification) {
		survive(version, verification, 4);
	}

	@ParameterizedTest
	@CsvSource({ "18, xid", "18, marker", "14, xid", "14, marker" })
	@Tag("soak")
	@Timeout(600)
	void isSurvivedForLong(String version, String verification) {
		survive(version, verification, 15);
	}

	private static void survive(String version, String verification, int rounds) {
		AtomicInteger attempts = new AtomicInteger();
		// to wait for the disk leaves more COMMITs in flight
		EmbeddedPostgresServer.Builder builder = PostgresServer.embedded().setting("fsync", "on");
		if (!version.equals("18")) {
			builder.version(version);
		}
		try (EmbeddedPostgresServer server = builder.start();
				CommittingApplication application = CommittingApplication.start(server, verification.equals("marker"),
						"resilientdb.commit.verification=" + verification, "resilientdb.commit.timeout=30s",
						"resilientdb.retry.deadline=60s", "resilientdb.retry.max-attempts=20",
						"logging.level.io.github.resilientdb.pool=error", "logging.level.com.zaxxer.hikari=error",
						"logging.level.org.hibernate=off");
				StormLoad load = new StormLoad((id) -> write(application, attempts, id), Duration.ofMillis(1))) {
			for (int round = 0; round < rounds; round++) {
				load.awaitProgress(20 + ThreadLocalRandom.current().nextInt(50));
				hold(application, round);
				strike(round, server, application);
				application.proxy().disarm();
			}
			load.finish();
			List<UUID> rows = rows(application);
			List<String> verified = application.witness().verified();
			logger.info(
					"PostgreSQL {}, {}, {} rounds: {} calls returned, {} unknown, {} rows, {} attempts, "
							+ "lost COMMITs: {} committed, {} not committed, {} unknown",
					version, verification, rounds, load.returned(), load.unknown(), rows.size(), attempts,
					Collections.frequency(verified, "committed"), Collections.frequency(verified, "not_committed"),
					Collections.frequency(verified, "unknown"));
			load.verify(rows);
			// some of the COMMITs that were held may have been those of verifications
			assertThat(verified).hasSizeGreaterThanOrEqualTo(rounds).contains("committed", "not_committed");
			if (verification.equals("marker")) {
				assertThat(load.unknown()).isZero();
			}
		}
	}

	/**
	 * Hold COMMITs that were executed, so that their replies are lost for sure, or that
	 * were not. Others are in flight by themselves.
	 */
	private static void hold(CommittingApplication application, int round) {
		List<ArmedFault> executed = new ArrayList<>();
		List<ArmedFault> held = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			if ((round + i) % 3 != 0) {
				executed.add(application.proxy().arm(Fault.HOLD));
			}
			else {
				held.add(application.proxy().arm(Fault.HOLD_REQUEST));
			}
		}
		executed.forEach((fault) -> fault.awaitAnswered(PATIENCE));
		held.forEach((fault) -> fault.await(PATIENCE));
	}

	private static void strike(int round, EmbeddedPostgresServer server, CommittingApplication application) {
		switch (round % 4) {
			case 0 -> server.restart(Mode.IMMEDIATE);
			case 1 -> application.proxy().reset();
			case 2 -> server.crashBackend();
			default -> application.proxy().cut();
		}
	}

	private static void write(CommittingApplication application, AtomicInteger attempts, UUID id) {
		application.run(Manager.JPA, Kind.RETRYABLE, () -> {
			attempts.incrementAndGet();
			application.notes().write(Manager.JPA, id.toString());
			return true;
		});
	}

	private static List<UUID> rows(CommittingApplication application) {
		return application.bean(JdbcClient.class)
			.sql("select text::uuid from committed_note where id > 0")
			.query(UUID.class)
			.list();
	}

}
