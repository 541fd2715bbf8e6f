package io.github.resilientdb.pool.guard;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

@ExtendWith(CapturedLog.Extension.class)
class PoolReportsTests {

	private final List<String> told = new ArrayList<>();

	private String name = "bank";

	private final PoolReports reports = new PoolReports(() -> this.name, new ConnectionPoolListener() {

		@Override
		public void disconnected(String pool, String reason, Phase phase, String sqlState) {
			PoolReportsTests.this.told.add(pool + " " + reason + " " + phase + " " + sqlState);
		}

		@Override
		public void invalidated(String pool, String reason, int connections) {
			PoolReportsTests.this.told.add(pool + " " + reason + " " + connections);
		}

		@Override
		public void commitVerified(String pool, String outcome, Duration took) {
			PoolReportsTests.this.told.add(pool + " " + outcome + " " + took);
			throw new IllegalStateException("the listener's");
		}

	});

	@Test
	void theSqlStateIsToldIfThereIsOne() {
		this.reports.lost(new SQLException("refused", "57P01"), Loss.NO_ANSWER, Phase.CHECKOUT);
		this.reports.lost(new IllegalStateException(), Loss.DRIVER_FAILED, Phase.COMMIT);
		assertThat(this.told).containsExactly("bank ping-failed CHECKOUT 57P01", "bank driver-error COMMIT null");
	}

	@Test
	void aPoolHasTheNameThatItHasThen() {
		this.name = "renamed";
		this.reports.invalidated("test", 3);
		assertThat(this.told).containsExactly("renamed test 3");
	}

	@Test
	void whatAnOperatorDoesIsLogged(CapturedLog log) {
		this.reports.discardingAll("operator", 2);
		this.reports.invalidated("test", 3);
		this.reports.lostAlone(Loss.NO_ANSWER, Phase.CHECKOUT);
		assertThat(log.toString()).isEqualTo("INFO Discarding all connections of pool bank: operator");
		assertThat(this.told).containsExactly("bank operator 2", "bank test 3");
	}

	@Test
	void aListenerThatFailsDisturbsNobody() {
		assertThatNoException().isThrownBy(() -> this.reports.verified("committed", TimeUnit.SECONDS.toNanos(2)));
		assertThat(this.told).containsExactly("bank committed PT2S");
	}

}
