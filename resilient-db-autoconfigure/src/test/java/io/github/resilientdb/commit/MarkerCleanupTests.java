package io.github.resilientdb.commit;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.concurrent.Callable;

import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for {@link MarkerCleanup}.
 */
@ExtendWith(CapturedLog.Extension.class)
class MarkerCleanupTests {

	private Callable<Integer> answer = () -> 0;

	private final MarkerCleanup cleanup = new MarkerCleanup((CommitProtocol) Proxy.newProxyInstance(
			getClass().getClassLoader(), new Class<?>[] { CommitProtocol.class }, (proxy, method, arguments) -> {
				assertThat(method.getName()).isEqualTo("cleanUp");
				return this.answer.call();
			}));

	@Test
	void whatFailsIsSaidOnceUntilItWorksAgain(CapturedLog log) {
		this.answer = () -> {
			throw new SQLException("refused", "08001");
		};
		this.cleanup.run();
		this.cleanup.run();
		this.answer = () -> {
			throw new IllegalStateException("no credentials");
		};
		this.cleanup.run();
		assertThat(log.toString()).isEqualTo("WARN The commit marker table could not be cleaned up; will try again");
		this.answer = () -> 3;
		this.cleanup.run();
		assertThat(log.toString()).hasLineCount(1);
		this.answer = () -> {
			throw new SQLException("refused", "08001");
		};
		this.cleanup.run();
		assertThat(log.toString()).hasLineCount(2);
	}

	@Test
	void failureDoesNotEndTheSchedule(CapturedLog log) {
		this.answer = () -> {
			throw new NoClassDefFoundError("com/example/Missing");
		};
		assertThatCode(this.cleanup::run).doesNotThrowAnyException();
		assertThat(log.toString()).hasLineCount(1);
	}

}
