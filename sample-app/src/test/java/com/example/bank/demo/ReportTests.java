package com.example.bank.demo;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.example.bank.trial.LaneKind;
import com.example.bank.trial.LaneReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTests {

	private final Locale locale = Locale.getDefault();

	private final LaneReport plain = new LaneReport(LaneKind.PLAIN, 123456, 7, 0, 0, 2, 0, 0, 0, 0,
			new BigDecimal("8000000.00"), new BigDecimal("7999999.50"), Map.of("SomeException", 7L));

	private final LaneReport naive = new LaneReport(LaneKind.NAIVE, 90, 1, 0, 0, 0, 3, 0, 12, 0, BigDecimal.TEN,
			BigDecimal.ONE, Map.of("AnExceptionWithANameThatIsFarTooLongForATerminalThatHasOnlyEightyColumns", 1L));

	@AfterEach
	void restoreLocale() {
		Locale.setDefault(this.locale);
	}

	@Test
	void showsAllSideBySideInAnyLocale() {
		Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
		assertThat(report(retryable(0, 0)).table().stream().map((line) -> line.trim().replaceAll(" {2,}", "|")))
			.containsExactly("@Transactional|@Retryable|@RetryableTransaction", "calls|123456|90|80",
					"told \"failed\"|7|1|0", "failed, yet booked|2|0|0", "booked twice|0|3|0", "lost|0|0|0",
					"gave up (deadline)|0|0|0", "outcome unknown|0|0|0", "calls rerun|0|12|5",
					"COMMITs looked up|0|0|4", "balances, expected|8000000.00|10.00|10.00",
					"balances, actual|7999999.50|1.00|10.00");
	}

	@Test
	void isNotWiderThanATerminalInAnyLocale() {
		Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
		Report report = report(retryable(123456, 0));
		assertThat(Stream.of(report.table(), report.reasons(), report.verdict()).flatMap(List::stream))
			.allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(80).matches("\\p{ASCII}*"));
	}

	@Test
	void saysWhatItMeans() {
		assertThat(report(retryable(0, 0)).verdict()).containsExactly(
				"@Transactional: 7 calls \"failed\", and 2 of these transfers are booked.",
				"@Retryable: 3 transfers are booked twice, and nobody was told.",
				"The guarantees of @RetryableTransaction held: each call was booked exactly once.");
	}

	@Test
	void callThatGaveUpBreaksNoGuarantee() {
		Report report = report(retryable(2, 0));
		assertThat(report.guaranteesHeld()).isTrue();
		assertThat(report.verdict().get(2))
			.isEqualTo("The guarantees of @RetryableTransaction held; 2 gave up or unknown.");
	}

	@Test
	void lostTransferBreaksTheGuarantees() {
		Report report = report(retryable(0, 1));
		assertThat(report.guaranteesHeld()).isFalse();
		assertThat(report.verdict().get(2)).contains("did NOT hold");
	}

	private Report report(LaneReport retryable) {
		return Report.of(List.of(this.plain, this.naive, retryable));
	}

	private LaneReport retryable(long gaveUp, long lost) {
		return new LaneReport(LaneKind.RETRYABLE, 80, 0, gaveUp, 0, 0, 0, lost, 5, 4, BigDecimal.TEN,
				new BigDecimal("10.0"), Map.of());
	}

}
