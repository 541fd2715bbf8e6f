package com.example.bank.trial;

import java.time.Duration;
import java.util.List;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.embedded.EmbeddedDatabase.StopMode;
import com.example.bank.network.CommitLoss;
import com.example.bank.network.FaultProxy;
import org.jspecify.annotations.Nullable;

/**
 * How things are broken, for how long, and what stands in the way.
 */
class Faults {

	/**
	 * Of how many COMMITs of each bank something is lost.
	 */
	static final int COMMITS = 3;

	private static final Duration BETWEEN_KILLS = Duration.ofMillis(500);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final TrialDatabase database;

	private final @Nullable EmbeddedDatabase server;

	private final List<FaultProxy> proxies;

	private final @Nullable String obstacle;

	private final FaultTimes times;

	Faults(TrialDatabase database, @Nullable EmbeddedDatabase server, List<FaultProxy> proxies,
			@Nullable String obstacle, FaultTimes times) {
		this.database = database;
		this.server = server;
		this.proxies = proxies;
		this.obstacle = obstacle;
		this.times = times;
	}

	Fault.Action action(FaultKind kind) {
		return switch (kind) {
			case SESSIONS -> this::endSessions;
			case RESTART -> (fault) -> stopServer(StopMode.FAST, fault);
			case CRASH -> (fault) -> stopServer(StopMode.IMMEDIATE, fault);
			case SILENCE -> this::silence;
			case COMMIT_REQUEST -> (fault) -> lose(CommitLoss.REQUEST, fault);
			case COMMIT_REPLY -> (fault) -> lose(CommitLoss.REPLY, fault);
		};
	}

	@Nullable String reasonAgainst(FaultKind kind) {
		return switch (kind) {
			case SESSIONS -> null;
			case RESTART, CRASH ->
				(this.server == null) ? "The server is your own: only the embedded one is stopped here." : null;
			case SILENCE -> this.obstacle;
			case COMMIT_REQUEST,
					COMMIT_REPLY ->
				(this.obstacle == null && this.proxies.stream().anyMatch(FaultProxy::isEncrypted))
						? "The connections are encrypted: a COMMIT can't be recognised. Use sslmode=disable."
						: this.obstacle;
		};
	}

	private void endSessions(Fault fault) throws Exception {
		fault.progress(() -> "twice a second");
		long end = System.nanoTime() + this.times.sessions().toNanos();
		do {
			this.database.endSessions();
		}
		while (!fault.lasts(BETWEEN_KILLS) && System.nanoTime() - end < 0);
	}

	private void stopServer(StopMode mode, Fault fault) throws Exception {
		EmbeddedDatabase stopped = this.server;
		if (stopped != null) {
			fault.progress(() -> "stopping");
			try {
				stopped.stop(mode);
				fault.countDown(this.times.down());
			}
			finally {
				fault.progress(() -> "starting");
				stopped.start();
			}
		}
	}

	private void silence(Fault fault) throws InterruptedException {
		this.proxies.forEach(FaultProxy::silence);
		try {
			fault.countDown(this.times.silence());
		}
		finally {
			this.proxies.forEach(FaultProxy::heal);
		}
	}

	private void lose(CommitLoss loss, Fault fault) throws InterruptedException {
		fault.progress(() -> left(loss) + " to go");
		this.proxies.forEach((proxy) -> proxy.loseCommits(loss, COMMITS));
		try {
			long end = System.nanoTime() + PATIENCE.toNanos();
			boolean ended = false;
			while (!ended && left(loss) > 0 && System.nanoTime() - end < 0) {
				ended = fault.lasts(Duration.ofMillis(100));
			}
		}
		finally {
			this.proxies.forEach((proxy) -> proxy.spareCommits(loss));
		}
	}

	private int left(CommitLoss loss) {
		return this.proxies.stream().mapToInt((proxy) -> proxy.commitsToLose(loss)).sum();
	}

}
