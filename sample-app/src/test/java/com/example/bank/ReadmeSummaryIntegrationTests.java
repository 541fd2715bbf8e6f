package com.example.bank;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The summary that the README shows is that of
 * {@link TransferServiceDisconnectIntegrationTests}.
 */
@SpringBootTest
@DisconnectTest
class ReadmeSummaryIntegrationTests {

	@Autowired
	private TransferService transfers;

	@Autowired
	private JdbcTemplate jdbc;

	@TestFactory
	Stream<DynamicTest> hasALineForEachStatementAndAMarkForEachTest(DisconnectScenario scenario) {
		List<DynamicTest> all = scenario.given(this::reset)
			.when(() -> this.transfers.transfer(UUID.randomUUID(), -1, -2, BigDecimal.TEN))
			.tests()
			.toList();
		List<String> tests = all.stream().map(DynamicTest::getDisplayName).toList();
		List<String> lines = ReadmeTests.blocks("text")
			.stream()
			.filter((block) -> block.startsWith("transfersOnceWhateverIsLost"))
			.flatMap(String::lines)
			.toList();
		assertThat(lines.get(0))
			.isEqualTo("transfersOnceWhateverIsLost: %1$d of %1$d runs as they should be".formatted(tests.size()));
		assertThat(lines.get(1).trim().split(" +")).containsExactly("ended", "request", "reply", "silent", "40001",
				"25006");
		List<String> shown = lines.stream().skip(2).flatMap(ReadmeSummaryIntegrationTests::testsOfLine).toList();
		assertThat(shown).hasSameSizeAs(tests)
			.allSatisfy((name) -> assertThat(tests).anyMatch((test) -> test.startsWith(name)));
		return all.stream().limit(1); // a scenario has to be run
	}

	private static Stream<String> testsOfLine(String line) {
		String[] names = { "session ended before statement %s: %s", "request of statement %s lost: %s",
				"reply of statement %s lost: %s", "silence after statement %s: %s", "40001 at statement %s: %s",
				"25006 at statement %s: %s" };
		Matcher row = Pattern.compile(" {2}(\\d+) (.*?)(?: …)? +((?:(?:ok|-) *){6})").matcher(line);
		assertThat(row.matches()).as(line).isTrue();
		String[] marks = row.group(3).trim().split(" +");
		return IntStream.range(0, names.length)
			.filter((kind) -> marks[kind].equals("ok"))
			.mapToObj((kind) -> names[kind].formatted(row.group(1), row.group(2)));
	}

	private void reset() {
		this.jdbc.execute("""
				delete from ledger_entry; delete from account;
				insert into account (id, owner, balance) values (-1, 'Ada', 100), (-2, 'Bob', 0)""");
	}

}
