package io.github.resilientdb.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.resilientdb.CallName;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The meters that the documentation names are those that there are.
 */
class DocumentedMetersTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern ROW = Pattern
		.compile("^\\| (timer|counter|long task timer) \\| `([a-z.]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);

	// verdicts, by the ways to make one, and what discards connections
	private static final Pattern REASON = Pattern
		.compile("\\b(?:FailureVerdict|verdict|disconnect|unavailable|contention|other|invalidate)"
				+ "\\((?:\"[0-9A-Z]{5}\", )?(?:(?:Kind|Scope)[.]\\w+, )*\"([a-z]+(?:-[a-z]+)*)\"\\)");

	private static final Pattern METRIC = Pattern.compile("\\bresilientdb_[a-z_]+");

	private static final Pattern SELECTOR = Pattern.compile("(resilientdb_[a-z_]+)\\{([^}]*)}");

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	DocumentedMetersTests() {
		PoolMeters pools = new PoolMeters();
		pools.bindTo(this.registry);
		pools.poolKnown("bank");
		pools.disconnected("bank", "admin-shutdown", Phase.COMMIT, "57P01");
		CallMeters calls = new CallMeters(Set.of("disconnect", "serialization-failure", "deadlock"), (call) -> true,
				() -> CallTimings.meters(true));
		calls.bindTo(this.registry);
		calls.callKnown(CallName.TEMPLATE);
	}

	@Test
	void referenceListsEachMeterWithItsTypeAndTags() throws IOException {
		Map<String, String> documented = new TreeMap<>();
		ROW.matcher(read("docs/reference.md"))
			.results()
			.forEach((row) -> documented.put(row.group(2), row.group(1) + tags(row.group(3))));
		Map<String, String> registered = this.registry.getMeters()
			.stream()
			.collect(Collectors.toMap((meter) -> meter.getId().getName(), DocumentedMetersTests::describe,
					(one, other) -> one, TreeMap::new));
		assertThat(documented).isEqualTo(registered);
	}

	private static Set<String> tags(String text) {
		return Pattern.compile("`([a-z]+)`")
			.matcher(text)
			.results()
			.map((tag) -> tag.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String describe(Meter meter) {
		String type = switch (meter.getId().getType()) {
			case TIMER -> "timer";
			case LONG_TASK_TIMER -> "long task timer";
			default -> "counter";
		};
		return type + meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new));
	}

	@ParameterizedTest
	@ValueSource(strings = { "docs/grafana-dashboard.json", "docs/alerts.yml", "docs/operations.md" })
	void everyMetricExistsUnderItsNameInPrometheus(String file) throws IOException {
		Set<String> exported = exported();
		assertThat(METRIC.matcher(read(file)).results().map(MatchResult::group)).isNotEmpty()
			.allSatisfy((metric) -> assertThat(exported).contains(metric));
	}

	@ParameterizedTest
	@ValueSource(strings = { "docs/grafana-dashboard.json", "docs/alerts.yml" })
	void everySelectorUsesLabelsThatTheMetricHas(String file) throws IOException {
		String scraped = this.registry.scrape();
		SELECTOR.matcher(read(file)).results().forEach((selector) -> {
			Set<String> labels = Arrays.stream(selector.group(2).split(","))
				.map((label) -> label.replaceAll("[=!~].*", "").trim())
				.filter((label) -> !Set.of("application", "instance").contains(label))
				.collect(Collectors.toSet());
			String line = scraped.lines()
				.filter((candidate) -> candidate.startsWith(selector.group(1) + "{"))
				.findFirst()
				.orElseThrow();
			assertThat(labels).allSatisfy((label) -> assertThat(line).contains(label + "=\""));
		});
	}

	@Test
	void everyReasonIsExplained() throws IOException {
		String operations = read("docs/operations.md");
		Set<String> reasons = new TreeSet<>();
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			for (Path source : sources.filter((file) -> file.toString().endsWith(".java")).toList()) {
				REASON.matcher(Files.readString(source)).results().forEach((verdict) -> reasons.add(verdict.group(1)));
			}
		}
		assertThat(reasons).hasSizeGreaterThan(30)
			.allSatisfy((reason) -> assertThat(operations).contains("`" + reason + "`"));
	}

	private Set<String> exported() {
		return this.registry.scrape()
			.lines()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.replaceAll("[{ ].*", ""))
			.collect(Collectors.toSet());
	}

	@Test
	void dashboardAndAlertsCanBeParsed() throws IOException {
		assertThat(JsonParserFactory.getJsonParser().parseMap(read("docs/grafana-dashboard.json")))
			.containsKeys("title", "panels", "templating", "schemaVersion");
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(new FileSystemResource(ROOT.resolve("docs/alerts.yml")));
		assertThat(yaml.getObject()).containsKeys("groups[0].name", "groups[0].rules[0].alert",
				"groups[0].rules[0].expr", "groups[0].rules[0].annotations.summary");
	}

	@Test
	void outagesAreMeasuredInSecondsAndShownWhileTheyLast() {
		PoolMeters meters = new PoolMeters();
		meters.bindTo(this.registry);
		meters.outageBegan("bank", "eof");
		assertThat(this.registry.scrape()).contains("resilientdb_outage_active_seconds_count{pool=\"bank\"} 1");
		meters.outageEnded("bank", Duration.ofSeconds(3));
		assertThat(this.registry.scrape()).contains("resilientdb_outage_seconds_sum{pool=\"bank\"} 3.0");
	}

	private static String read(String file) throws IOException {
		return Files.readString(ROOT.resolve(file));
	}

}
