package io.github.resilientdb.retry;

import java.sql.SQLException;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.disconnect.FailureClassifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JoinedCallLog}.
 */
class JoinedCallLogTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(JoinedCallLog.class);

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private @Nullable Level level;

	private boolean transaction = true;

	private final JoinedCallLog log = new JoinedCallLog(new FailureClassifier(List::of));

	private final RuntimeException lost = new DataAccessResourceFailureException("lost",
			new SQLException("terminated", "57P01"));

	@BeforeEach
	void begin() {
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.WARN);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void end() {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(this.level);
	}

	@Test
	void namesTheOuterTransactionOncePerMethod() {
		fail("com.example.Inner.run", this.lost);
		fail("com.example.Inner.run", this.lost);
		fail("com.example.Inner.other", this.lost);
		assertThat(this.appender.list).extracting(ILoggingEvent::getFormattedMessage)
			.hasSize(2)
			.first()
			.asString()
			.startsWith("com.example.Inner.run lost its connection")
			.contains("(com.example.Outer.run)");
	}

	@Test
	void isSilentOfWhatTheConnectionDidNotCause() {
		fail("com.example.Inner.run", new IllegalStateException("no money"));
		assertThat(this.appender.list).isEmpty();
	}

	@Test
	void isSilentWhereTheOuterCallIsRerun() {
		try (AttemptLedger outer = AttemptLedger.open(Long.MAX_VALUE)) {
			fail("com.example.Inner.run", this.lost);
		}
		assertThat(this.appender.list).isEmpty();
	}

	@Test
	void isSilentWithoutATransaction() {
		this.transaction = false;
		fail("com.example.Inner.run", this.lost);
		assertThat(this.appender.list).isEmpty();
	}

	// On the thread of the test
	private void fail(String name, RuntimeException failure) {
		TransactionSynchronizationManager.setActualTransactionActive(this.transaction);
		TransactionSynchronizationManager.setCurrentTransactionName("com.example.Outer.run");
		try {
			failWithin(name, failure);
		}
		finally {
			TransactionSynchronizationManager.clear();
		}
	}

	private void failWithin(String name, RuntimeException failure) {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.log.run(name, () -> {
			throw failure;
		})).isSameAs(failure);
	}

}
