package io.github.resilientdb.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Refusals}.
 */
class RefusalsTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final long WAITED = TimeUnit.MILLISECONDS.toNanos(250);

	private final HikariDataSource hikari = new HikariDataSource();

	private final Database database;

	private final Refusals refusals;

	RefusalsTests() {
		this.hikari.setPoolName("bank");
		this.hikari.setMaximumPoolSize(2);
		this.hikari.setDataSource(new FakeDatabase());
		FailureClassifier classifier = new FailureClassifier(List::of);
		this.database = new Database(this.hikari,
				new PoolSettings(1, null, null, PrePing.ALWAYS, MINUTE, MINUTE, PoolMode.POOLED, ResetOnReturn.ROLLBACK,
						RequirePrimary.AUTO, false, null),
				(failure) -> classifier.classify(failure).verdict(), new ConnectionPoolListener() {
				}, () -> true);
		this.refusals = new Refusals(this.hikari, this.database);
	}

	@AfterEach
	void close() {
		this.database.close();
		this.hikari.close();
	}

	@Test
	void timeoutNamesWhatKeptHikariFromSettingOneUp() {
		SQLException failure = new SQLException("bad init SQL", "42601");
		SQLException refusal = this.refusals.timedOut(WAITED, new RuntimeException(failure));
		assertThat((Throwable) refusal)
			.hasMessage("bank - no connection within 250 ms, none can be opened: bad init SQL")
			.hasCause(failure);
		assertThat(refusal.getSQLState()).isEqualTo("42601");
		assertThat((Throwable) this.refusals.timedOut(WAITED, null)).hasNoCause();
	}

	@Test
	void whoIsDismissedLearnsWhy() {
		SQLException reason = new SQLException("no such role", "28000");
		assertThat((Throwable) this.refusals.dismissed(reason, WAITED)).hasCause(reason);
	}

	@Test
	void whoIsDismissedByTheEndOfThePoolIsTold() {
		assertThat(this.refusals.isPoolClosing()).isFalse();
		this.refusals.poolClosing();
		assertThat(this.refusals.isPoolClosing()).isTrue();
		assertThat((Throwable) this.refusals.dismissed(new SQLException("closing"), WAITED))
			.hasMessageContaining("has been closed")
			.hasNoCause();
	}

	@Test
	void poolThatWasClosedByItselfIsClosing() {
		this.hikari.close();
		assertThat(this.refusals.isPoolClosing()).isTrue();
	}

}
