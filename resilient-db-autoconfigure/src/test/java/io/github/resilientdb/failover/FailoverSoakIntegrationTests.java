package io.github.resilientdb.failover;

import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.resilientdb.testsupport.HaCluster;
import io.github.resilientdb.testsupport.HaCluster.Topology;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every way to a cluster, and everything that may happen to its primary, ten times:
 * {@code resilientdb.test.failovers} says how often instead,
 * {@code resilientdb.test.failover} which of them.
 */
@Tag("soak")
@Timeout(600)
class FailoverSoakIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(FailoverSoakIntegrationTests.class);

	private static final int ROUNDS = 10;

	private static final Trials trials = new Trials();

	private static @Nullable HaCluster running;

	@BeforeAll
	static void start() {
		running = HaCluster.start();
	}

	@AfterAll
	static void stop() {
		if (running != null) {
			running.close();
			logger.info("Median (least to most) of each, in ms: {}", trials.report());
		}
	}

	static Stream<Arguments> trials() {
		String only = System.getProperty("resilientdb.test.failover", "");
		return IntStream.range(0, Integer.getInteger("resilientdb.test.failovers", ROUNDS))
			.boxed()
			.flatMap((round) -> Stream.of(Topology.values()))
			.flatMap((topology) -> Stream.of(Event.values())
				.filter((event) -> isExpected(topology, event))
				.map((event) -> Arguments.of(topology, event)))
			.filter((arguments) -> (arguments.get()[0] + "-" + arguments.get()[1]).contains(only));
	}

	private static boolean isExpected(Topology topology, Event event) {
		return switch (topology) {
			case MULTI_HOST, HAPROXY -> event != Event.PARTITION || HaCluster.canCutOff();
			case MULTI_HOST_LAST -> event == Event.PAUSE || event == Event.PAUSE_WITH_LEASE;
			case HAPROXY_LAZY -> event == Event.SWITCHOVER || event == Event.KILL || event == Event.PAUSE;
			// behind a pooler silence can't be seen
			case PGBOUNCER -> event == Event.SWITCHOVER || event == Event.KILL;
		};
	}

	@ParameterizedTest
	@MethodSource("trials")
	void noCallFails(Topology topology, Event event) throws Exception {
		HaCluster cluster = Objects.requireNonNull(running);
		cluster.resume(true);
		Measured measured = new Trial(cluster, topology, event).run();
		assertThat(trials.add(topology, event, measured)).isEmpty();
	}

}
