package io.github.resilientdb.test;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a team keeps of a run.
 */
class SummaryTests {

	private final Matrix matrix = new Matrix("placing <orders>");

	SummaryTests() {
		RoundTrip first = new RoundTrip(1, "db", List.of("BEGIN"));
		RoundTrip second = new RoundTrip(2, "db", List.of("insert into a values ('<x>')"));
		this.matrix.add(finding(first, FaultKind.SESSION_ENDED, Verdict.SAME), true);
		this.matrix.add(finding(second, FaultKind.REPLY_LOST, Verdict.DUPLICATED), false);
		this.matrix.add(finding(second, FaultKind.REQUEST_LOST, Verdict.FAILED_UNCHANGED), true);
	}

	private static Finding finding(RoundTrip at, FaultKind kind, Verdict verdict) {
		return new Finding(at, kind, verdict, "", List.of(at), 1);
	}

	@Test
	void isATableOnTheConsole() {
		assertThat(TextSummary.of("Title", List.of(this.matrix)))
			.containsSubsequence("Title", "placing <orders>: 2 of 3 runs", "ended  request    reply", "1 BEGIN", "ok")
			.containsSubsequence("2 insert into a", "(ok)   FAILED");
	}

	@Test
	void isAPageWithoutOtherResources() {
		assertThat(HtmlSummary.of("Title", List.of(this.matrix)))
			.contains("placing &lt;orders&gt;", "&lt;x&gt;", "class=\"failed\">duplicated", "class=\"same\">✓",
					"class=\"accepted\">failed, nothing changed")
			.doesNotContain("http", "<script", "<link", "<img");
	}

	@Test
	void saysWhatToChange() {
		RoundTrip at = new RoundTrip(2, "db", List.of("insert into a values (1)"));
		Finding finding = new Finding(at, FaultKind.REPLY_LOST, Verdict.DIFFERENT, "Rows\n",
				List.of(new RoundTrip(1, "db", List.of("BEGIN")), at), 2);
		assertThat(finding.message()).containsSubsequence("silently different",
				"reply of statement 2 lost: insert into a values (1)", "Rows", "in 2 attempts", " >2  insert into a",
				"What to change: ", "don't change an argument");
	}

}
