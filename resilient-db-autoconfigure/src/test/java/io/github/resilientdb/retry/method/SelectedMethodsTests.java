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
	void sayThatWhatIsMatchedIsAnnotated(CapturedLog log) {
		SelectedMethods methods = new SelectedMethods(List.of("a.*", "b.*"));
		methods.addAnnotated("a.*");
		methods.log();
		methods.addAnnotated("b.*");
		methods.log();
		methods.add(new CallName("b", "m"), "b.*");
		methods.addAnnotated("b.*");
		methods.log();
		assertThat(log.toString().lines()).satisfiesExactly(
				(line) -> assertThat(line).startsWith("WARN")
					.endsWith("selects no method that begins a transaction: b.*; only annotated ones match a.*"),
				(line) -> assertThat(line).startsWith("INFO")
					.endsWith("resilientdb.retry.methods changes nothing: the methods that it matches are annotated "
							+ "already: a.*, b.*"),
				(line) -> assertThat(line).startsWith("INFO")
					.endsWith("that are rerun as if annotated: b.m; only annotated ones match a.*"));
	}

	@Test
	void sayNothingWithoutPatterns(CapturedLog log) {
		new SelectedMethods(List.of()).log();
		assertThat(log.toString().lines()).isEmpty();
	}

}
