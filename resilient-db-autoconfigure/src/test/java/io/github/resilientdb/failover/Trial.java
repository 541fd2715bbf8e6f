package io.github.resilientdb.failover;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.failover.Reference.Opened;
import io.github.resilientdb.failover.Writers.Writer;
import io.github.resilientdb.testsupport.HaCluster;
import io.github.resilientdb.testsupport.HaCluster.Topology;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Eight clients write by retryable calls, others plainly and with a retry of their own,
 * while the cluster gets another primary.
 */
final class Trial {

	private static final Logger logger = LoggerFactory.getLogger(Trial.class);

	private static final int CLIENTS = 8;

	private static final int OTHERS = 4;

	private static final Duration WARM_UP = Duration.ofSeconds(2);

	private final HaCluster cluster;

	private final Topology topology;

	private final Event event;

	Trial(HaCluster cluster, Topology topology, Event event) {
		this.cluster = cluster;
		this.topology = topology;
		this.event = event;
	}

	Measured run() throws IOException, InterruptedException, ExecutionException {
		String url = this.cluster.url(this.topology);
		try (ConfigurableApplicationContext guarded = Writers.guarded(url);
				ConfigurableApplicationContext plain = Writers.plain(url)) {
			JdbcClient jdbc = plain.getBean(JdbcClient.class);
			jdbc.sql("create table if not exists written (id uuid, who text)").update();
			jdbc.sql("truncate written").update();
			Writer ours = guarded.getBean(Writer.class);
			Writer others = plain.getBean(Writer.class);
			try (Load retryable = new Load("retryable", CLIENTS, ours::retryably);
					Load plainly = new Load("plain", OTHERS, others::plainly);
					Load byHand = new Load("by-hand", OTHERS,
							(id) -> others.retry().execute((context) -> others.byHand(id)))) {
				Awaitility.await().pollDelay(WARM_UP).until(() -> true);
				Times times = strike(url, retryable, guarded.getBean(Witness.class));
				if (this.event.isSilence()) {
					this.cluster.resume(this.event == Event.PAUSE_FENCED);
				}
				return judge(times, guarded, retryable, plainly, byHand);
			}
		}
	}

	private Times strike(String url, Load retryable, Witness witness) throws InterruptedException, ExecutionException {
		String old = this.cluster.address(this.cluster.primary());
		Reference reference = new Reference(url, old);
		witness.attend();
		long start = System.nanoTime();
		this.event.happen(this.cluster);
		long happened = System.nanoTime();
		if (this.event.isElectionHastened()) {
			this.cluster.elect();
		}
		Opened opened = reference.opened().orTimeout(2, TimeUnit.MINUTES).get();
		Awaitility.await()
			.atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> retryable.allBy(opened.address()) != null);
		long first = retryable.firstBy(opened.address());
		Long foundAt = this.event.isSilence() ? witness.foundAt() : null;
		long possible = (foundAt != null && foundAt - opened.at() > 0) ? foundAt : opened.at();
		return new Times(millis(opened.at() - start), (foundAt != null) ? millis(foundAt - happened) : null,
				millis(first - possible), millis(retryable.allBy(opened.address()) - first));
	}

	private Measured judge(Times times, ConfigurableApplicationContext guarded, Load retryable, Load plainly,
			Load byHand) {
		JdbcClient jdbc = guarded.getBean(JdbcClient.class);
		for (Load load : List.of(retryable, plainly, byHand)) {
			load.stop();
		}
		for (Load load : List.of(retryable, plainly, byHand)) {
			load.close();
		}
		Measured measured = new Measured(times.open(), times.found(), times.first(), times.all(),
				retryable.longestMillis(), guarded.getBean(Witness.class).lookUps(),
				retryable.compare(rows(jdbc, "retryable")), plainly.compare(rows(jdbc, "plain")),
				byHand.compare(rows(jdbc, "by-hand")), retryable.hanging());
		logger.info("{}, {}: {}", this.topology, this.event, measured);
		retryable.failures().stream().limit(3).forEach((failure) -> logger.info("A retryable call failed", failure));
		return measured;
	}

	private static List<UUID> rows(JdbcClient jdbc, String who) {
		return jdbc.sql("select id from written where who = ?").param(who).query(UUID.class).list();
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	private record Times(long open, @Nullable Long found, long first, long all) {

	}

}
