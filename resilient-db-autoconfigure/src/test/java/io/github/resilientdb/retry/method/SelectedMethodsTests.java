package io.github.resilientdb.retry.method;

import java.util.List;

import io.github.resilientdb.CallName;
import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SelectedMethods}.
 */
@ExtendWith(CapturedLog.Extension.class)
class SelectedMethodsTests {

	@Test
	void areOneBoundedLine(CapturedLog log) {
		SelectedMethods methods = new SelectedMethods(List.of("a.*", "b.*"));
		for (int i = 10; i < 35; i++) {
			methods.add(new CallName("a", "m" + i), "a.*");
		}
		methods.log();
		assertThat(methods.names()).hasSize(25).startsWith("a.m10", "a.m11");
		assertThat(log.toString().lines()).singleElement()
			.asString()
			.startsWith("INFO")
			.contains("resilientdb.retry.methods selects 25 methods that are rerun as if annotated: a.m10, a.m11,")
			.endsWith("a.m29 and 5 more; none so far for b.*");
	}

	@Test
	void warnIfThereAreNone(CapturedLog log) {
		new SelectedMethods(List.of("b.*")).log();
		assertThat(log.toString().lines()).singleElement()
			.asString()
			.startsWith("WARN")
			.endsWith("resilientdb.retry.methods selects no method that begins a transaction: b.*");
	}

	@Test
	void sayNothingWithoutPatterns(CapturedLog log) {
		new SelectedMethods(List.of()).log();
		assertThat(log.toString().lines()).isEmpty();
	}

}
