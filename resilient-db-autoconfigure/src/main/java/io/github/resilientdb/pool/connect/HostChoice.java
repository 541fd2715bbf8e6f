package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.pool.socket.WireTicket;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to one of several hosts: each is asked by itself; one that is
 * silent is passed over after a quarter of a second, and gets a second only when no other
 * has answered.
 */
final class HostChoice {

	private static final long[] PATIENCE = { TimeUnit.MILLISECONDS.toNanos(250), TimeUnit.SECONDS.toNanos(1) };

	private final HostList hosts;

	private final boolean balanced;

	private final TargetServer target;

	private final long deadline;

	private final Attempt attempt;

	private @Nullable Physical fallback;

	private @Nullable SQLException failure;

	/**
	 * Prepare an attempt.
	 * @param hosts the hosts
	 * @param balanced whether any order among them will do
	 * @param target which of them is wanted
	 * @param deadline until when the attempt may take
	 * @param attempt asks one host
	 */
	HostChoice(HostList hosts, boolean balanced, TargetServer target, long deadline, Attempt attempt) {
		this.hosts = hosts;
		this.balanced = balanced;
		this.target = target;
		this.deadline = deadline;
		this.attempt = attempt;
	}

	Physical make() throws SQLException {
		try {
			List<String> candidates = this.hosts.inOrder(this.balanced);
			for (long patience : PATIENCE) {
				List<String> silent = new ArrayList<>();
				for (String host : candidates) {
					Physical physical = ask(host, patience, silent);
					if (physical != null) {
						return physical;
					}
				}
				candidates = silent;
			}
			Physical fallback = this.fallback;
			if (fallback == null) {
				throw (this.failure != null) ? this.failure
						: new SQLTransientConnectionException("No host could be asked in time", "08001");
			}
			this.fallback = null;
			return fallback;
		}
		finally {
			closeFallback();
		}
	}

	private void closeFallback() {
		if (this.fallback != null) {
			this.fallback.closeQuietly();
		}
	}

	private @Nullable Physical ask(String host, long patience, List<String> silent) throws SQLException {
		if (this.deadline - System.nanoTime() <= 0) {
			return null;
		}
		WireTicket ticket = WireTicket.issue(this.deadline, patience);
		try (ticket) {
			Physical physical = this.attempt.connect(host, ticket);
			this.hosts.succeeded(host);
			return choose(physical, host);
		}
		catch (SQLException ex) {
			String state = ex.getSQLState();
			if (state != null && (state.startsWith("28") || state.startsWith("3D"))) {
				throw ex;
			}
			this.hosts.failed(host);
			if (ticket.wasSilent()) {
				silent.add(host);
			}
			remember(ex);
			return null;
		}
	}

	private @Nullable Physical choose(Physical physical, String host) throws SQLException {
		if (this.target == TargetServer.ANY) {
			return physical;
		}
		boolean standby = physical.standby();
		if (this.target.wants(standby)) {
			return physical;
		}
		if (this.fallback == null && this.target.accepts(standby)) {
			this.fallback = physical;
			return null;
		}
		physical.closeQuietly();
		remember(new SQLTransientConnectionException("%s is a %s, and the URL asks for targetServerType=%s"
			.formatted(host, standby ? "standby" : "primary", this.target.name().toLowerCase(Locale.ROOT)), "08001"));
		return null;
	}

	// an answer tells more than silence
	private void remember(SQLException failure) {
		if (this.failure == null || failure instanceof NotPrimaryException || !"08001".equals(failure.getSQLState())) {
			this.failure = failure;
		}
	}

	/**
	 * Asks one host.
	 */
	@FunctionalInterface
	interface Attempt {

		Physical connect(String host, WireTicket ticket) throws SQLException;

	}

}
