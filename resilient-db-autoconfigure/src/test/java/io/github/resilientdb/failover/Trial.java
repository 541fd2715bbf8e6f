package io.github.resilientdb.failover;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.resilientdb.failover.Load.Result;
import io.github.resilientdb.failover.Reference.Opened;
import io.github.resilientdb.failover.Writers.LookUps;
import io.github.resilientdb.failover.Writers.Writer;
import io.github.resilientdb.testsupport.HaCluster;
import io.github.resilientdb.testsupport.HaCluster.Topology;
import org.awaitility.Awaitility;
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

	Measured run() throws IOException, InterruptedException, ExecutionException, TimeoutException {
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
				Measured measured = strike(url, retryable);
				if (this.event.isSilence()) {
					this.cluster.resume(this.event == Event.PAUSE_FENCED);
				}
				return judge(measured, guarded, retryable, plainly, byHand);
			}
		}
	}

	private Measured strike(String url, Load retryable)
			throws InterruptedException, ExecutionException, TimeoutException {
		String old = this.cluster.address(this.cluster.primary());
		Reference reference = new Reference(url, old);
		long start = System.nanoTime();
		this.event.happen(this.cluster);
		Opened opened = reference.task().get(2, TimeUnit.MINUTES);
		Awaitility.await()
			.atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> retryable.allBy(opened.address()) != null);
		return new Measured(millis(opened.at() - start), millis(retryable.firstBy(opened.address()) - opened.at()),
				millis(retryable.allBy(opened.address()) - retryable.firstBy(opened.address())),
				new Result(0, 0, 0, 0, 0), 0);
	}

	private Measured judge(Measured measured, ConfigurableApplicationContext guarded, Load retryable, Load plainly,
			Load byHand) {
		JdbcClient jdbc = guarded.getBean(JdbcClient.class);
		for (Load load : List.of(retryable, plainly, byHand)) {
			load.stop();
		}
		for (Load load : List.of(retryable, plainly, byHand)) {
			load.close();
		}
		Result result = retryable.compare(rows(jdbc, "retryable"));
		logger.info(
				"{}, {}: way open after {} ms, first success {} ms later, all within {} ms; longest call {} ms; "
						+ "COMMITs looked up {}; retryable {}; plain {}; by hand {}",
				this.topology, this.event, measured.open(), measured.first(), measured.all(), retryable.longestMillis(),
				guarded.getBean(LookUps.class).count(), result, plainly.compare(rows(jdbc, "plain")),
				byHand.compare(rows(jdbc, "by-hand")));
		retryable.failures().stream().limit(3).forEach((failure) -> logger.info("A retryable call failed", failure));
		return new Measured(measured.open(), measured.first(), measured.all(), result, retryable.hanging());
	}

	private static List<UUID> rows(JdbcClient jdbc, String who) {
		return jdbc.sql("select id from written where who = ?").param(who).query(UUID.class).list();
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	/**
	 * What happens to the primary.
	 */
	enum Event {

		/**
		 * It is handed over, as planned.
		 */
		SWITCHOVER {

			@Override
			void happen(HaCluster cluster) {
				cluster.switchover();
			}

		},

		/**
		 * It is killed.
		 */
		KILL {

			@Override
			void happen(HaCluster cluster) {
				cluster.killPrimary();
				cluster.elect();
			}

		},

		/**
		 * It falls silent, and another one is elected at once.
		 */
		PAUSE {

			@Override
			void happen(HaCluster cluster) {
				cluster.pausePrimary();
				cluster.elect();
			}

		},

		/**
		 * The same, and it is fenced before it comes back.
		 */
		PAUSE_FENCED {

			@Override
			void happen(HaCluster cluster) {
				PAUSE.happen(cluster);
			}

		},

		/**
		 * It falls silent, and its lease is waited for.
		 */
		PAUSE_WITH_LEASE {

			@Override
			void happen(HaCluster cluster) {
				cluster.pausePrimary();
			}

		};

		abstract void happen(HaCluster cluster);

		/**
		 * Return whether the old primary comes back while the clients write.
		 */
		boolean isSilence() {
			return this != SWITCHOVER && this != KILL;
		}

	}

	/**
	 * What was measured.
	 *
	 * @param open when the way to another primary was open, in milliseconds
	 * @param first how much later the first call succeeded there
	 * @param all how much later all clients had succeeded
	 * @param result what became of the calls
	 * @param hanging how many clients hang
	 */
	record Measured(long open, long first, long all, Result result, long hanging) {

	}

}
