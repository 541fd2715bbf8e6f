package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutageLines}.
 */
@ExtendWith(CapturedLog.Extension.class)
class OutageLinesTests {

	private static final SQLException FAILURE = new SQLException("of no interest", "08001");

	private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1);

	private final OutageLines lines = new OutageLines(() -> "bank", this.time::get);

	@ParameterizedTest
	@CsvSource({ "connect-failed, can't be reached", "timeout, can't be reached", "authentication, rejects the login",
			"connection-rejected, rejects the login", "no-such-database, does not exist" })
	void sayWhatHappened(String reason, String said, CapturedLog log) {
		this.lines.began(reason, FAILURE);
		assertThat(log).contains("WARN Database of pool bank %s (%s)".formatted(said, reason));
		assertThat(log).doesNotContain("of no interest");
	}

	@Test
	void sayNothingOfABriefOneThatFollowsSoon(CapturedLog log) {
		outage("connect-failed", Duration.ofSeconds(5));
		pass(Duration.ofSeconds(2));
		outage("eof", Duration.ofMillis(500));
		assertThat(log).contains("(connect-failed)").doesNotContain("(eof)");
	}

	@Test
	void sayItOnceWhenThatGoesOn(CapturedLog log) {
		outage("connect-failed", Duration.ofSeconds(5));
		this.lines.began("eof", FAILURE);
		pass(Duration.ofMillis(999));
		this.lines.goesOn();
		assertThat(log).doesNotContain("(eof)");
		pass(Duration.ofMillis(1));
		this.lines.goesOn();
		this.lines.goesOn();
		assertThat(log.toString().split("\\(eof\\)", -1)).hasSize(2);
	}

	@Test
	void countFromTheEndOfWhatWasSaid(CapturedLog log) {
		outage("connect-failed", Duration.ZERO);
		pass(Duration.ofSeconds(9));
		outage("eof", Duration.ZERO);
		pass(Duration.ofSeconds(1));
		outage("reset", Duration.ZERO);
		assertThat(log).contains("(connect-failed)", "(reset)").doesNotContain("(eof)");
	}

	@Test
	void tellOfLostConnections(CapturedLog log) {
		this.lines.lost("admin-shutdown", FAILURE, Phase.TRANSACTION, 3);
		assertThat(log).contains("WARN Pool bank lost a connection (admin-shutdown); 3 others will be checked");
	}

	private void outage(String reason, Duration length) {
		this.lines.began(reason, FAILURE);
		pass(length);
		this.lines.ended();
	}

	private void pass(Duration duration) {
		this.time.addAndGet(duration.toNanos());
	}

}
