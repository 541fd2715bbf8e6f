package io.github.resilientdb.test;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
		assertThat(TextSummary.of("Title", List.of("Not looked at: <odd>"), List.of(this.matrix)))
			.containsSubsequence("Title\n", "Not looked at: <odd>\n", "placing <orders>: 2 of 3 runs",
					"ended  request    reply", "1 BEGIN", "ok")
			.containsSubsequence("2 insert into a", "(ok)   FAILED");
	}

	@Test
	void tellsWhatCannotBeFromWhatWasLeftOut() {
		assertThat(TextSummary.of("Title", List.of(), List.of(this.matrix)))
			.containsSubsequence("-: there is no such fault", "not run: left out")
			.containsPattern("1 BEGIN +ok  not run  not run  not run        -        -\n")
			.containsPattern("2 insert into a .+ not run     \\(ok\\)   FAILED  not run  not run  not run\n");
		String[] rows = HtmlSummary.of("Title", List.of(), List.of(this.matrix)).split("<tr>");
		assertThat(rows[2].split(">not run<")).hasSize(4);
		assertThat(rows[2].split(">–<")).hasSize(3);
		assertThat(rows[3].split(">not run<")).hasSize(5);
		assertThat(rows[3]).doesNotContain(">–<");
	}

	@Test
	void isAPageWithoutOtherResources() {
		assertThat(HtmlSummary.of("Title", List.of("Not looked at: <odd>"), List.of(this.matrix)))
			.contains("Not looked at: &lt;odd&gt;", "placing &lt;orders&gt;", "&lt;x&gt;",
					"class=\"failed\">duplicated", "class=\"same\">✓", "class=\"accepted\">failed, nothing changed")
			.doesNotContain("http", "<script", "<link", "<img");
	}

	/**
	 * What WCAG asks of text: 4.5 to 1.
	 */
	@Test
	void canBeReadInLightAndInDark() {
		String page = HtmlSummary.of("Title", List.of("Not looked at: <odd>"), List.of(this.matrix));
		String[] styles = page.substring(0, page.indexOf("</style>")).split("@media \\(prefers-color-scheme: dark\\)");
		assertThat(styles).hasSize(2);
		assertThat(styles[0]).contains(":root { color-scheme: light dark; }");
		for (String style : styles) {
			String text = color(style, "body", "color");
			String sheet = color(style, "body", "background");
			assertThat(contrast(text, sheet)).isGreaterThan(4.5);
			assertThat(contrast(color(style, ".none", "color"), sheet)).isGreaterThan(4.5);
			assertThat(Stream.of(".same", ".accepted", ".failed").map((rule) -> color(style, rule, "background")))
				.doesNotHaveDuplicates()
				.allSatisfy((background) -> assertThat(contrast(text, background)).isGreaterThan(4.5));
		}
	}

	private static String color(String style, String rule, String property) {
		Matcher color = Pattern
			.compile(Pattern.quote(rule) + " \\{[^}]*?(?<![-\\w])" + property + ": #([0-9a-f]{6})\\b")
			.matcher(style);
		assertThat(color.find()).as("%s of %s in %s", property, rule, style).isTrue();
		return color.group(1);
	}

	private static double contrast(String one, String other) {
		double first = luminance(one);
		double second = luminance(other);
		return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
	}

	private static double luminance(String color) {
		int rgb = Integer.parseInt(color, 16);
		return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
	}

	private static double linear(int channel) {
		double value = (channel & 0xff) / 255.0;
		return (value <= 0.04045) ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
	}

	@Test
	void saysThatAConnectionIsLeftOpen() {
		RoundTrip at = new RoundTrip(1, "db", List.of("BEGIN"));
		Finding finding = new Finding(at, FaultKind.REPLY_LOST, Verdict.DIFFERENT, Judge.OPEN + "1\n", List.of(at), 2);
		assertThat(finding.message()).containsSubsequence("Open transactions: 1", "What to change: ",
				"connection or a transaction open", "try-with-resources");
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
