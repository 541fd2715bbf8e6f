package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.pool.socket.WireTicket;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to one of several hosts: each is asked by itself; one that is
 * silent is passed over after a quarter of a second, and gets a second only when no other
 * has answered.
 * <p>
 * One that has been silent in several attempts may be slow. It gets all the time that is
 * left, while the others are asked on: never more than two hosts at once, and none twice
 * at once. Where all are silent, none is preferred: they get two seconds each at once.
 */
final class HostChoice {

	private static final long[] PATIENCE = { TimeUnit.MILLISECONDS.toNanos(250), ProbePace.PATIENCE };

	private static final long LONGER_PATIENCE = 2 * ProbePace.PATIENCE;

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	private final ProbeBudget budget;

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
	 * @param budget how often hosts may be asked again
	 * @param attempt asks one host
	 */
	HostChoice(HostList hosts, boolean balanced, TargetServer target, long deadline, ProbeBudget budget,
			Attempt attempt) {
		this.hosts = hosts;
		this.balanced = balanced;
		this.target = target;
		this.deadline = deadline;
		this.budget = budget;
		this.attempt = attempt;
	}

	Physical make() throws SQLException {
		try {
			Physical physical = choose();
			if (physical != null) {
				return physical;
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

	private @Nullable Physical choose() throws SQLException {
		List<String> all = this.hosts.inOrder(this.balanced);
		List<String> candidates = all;
		for (long patience : PATIENCE) {
			List<String> silent = new ArrayList<>();
			Physical physical = askAll(candidates, patience, silent);
			if (physical != null) {
				return physical;
			}
			candidates = silent;
		}
		candidates.forEach(this.hosts::silent);
		List<String> slow = candidates.stream().filter(this.hosts::mayBeSlow).toList();
		if (!slow.isEmpty() && this.fallback == null) {
			return await(this.hosts.nextOf(slow), all, PATIENCE[0], this.deadline);
		}
		if (candidates.size() < all.size()) {
			return null;
		}
		long until = System.nanoTime() + all.size() * LONGER_PATIENCE;
		return await(this.hosts.nextOf(all), all, LONGER_PATIENCE, (until - this.deadline < 0) ? until : this.deadline);
	}

	/**
	 * Wait for a host that may be slow, and ask the others meanwhile.
	 */
	private @Nullable Physical await(String slow, List<String> all, long patience, long until) throws SQLException {
		List<String> others = all.stream().filter((host) -> !host.equals(slow)).toList();
		long start = System.nanoTime();
		try (PatientAttempt patient = new PatientAttempt(until, (ticket) -> this.attempt.connect(slow, ticket))) {
			patient.begin();
			while (until - System.nanoTime() > 0 && this.fallback == null) {
				long due = this.budget.reserve(ConnectFailure.NOT_YET, others.size(), System.nanoTime() + PAUSE);
				if (patient.await(due - System.nanoTime())) {
					return taken(slow, patient, start);
				}
				Physical physical = askAll(others, patience, new ArrayList<>());
				if (physical != null) {
					return physical;
				}
			}
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLException("Interrupted while connecting", ex);
		}
	}

	private @Nullable Physical taken(String host, PatientAttempt patient, long start) throws SQLException {
		try {
			Physical physical = patient.take();
			if (physical == null) {
				return null;
			}
			this.hosts.succeeded(host, System.nanoTime() - start);
			return choose(physical, host);
		}
		catch (SQLException ex) {
			refused(host, ex);
			return null;
		}
	}

	private void closeFallback() {
		if (this.fallback != null) {
			this.fallback.closeQuietly();
		}
	}

	private @Nullable Physical askAll(List<String> hosts, long patience, List<String> silent) throws SQLException {
		for (String host : hosts) {
			Physical physical = ask(host, patience, silent);
			if (physical != null) {
				return physical;
			}
		}
		return null;
	}

	private @Nullable Physical ask(String host, long patience, List<String> silent) throws SQLException {
		long start = System.nanoTime();
		if (this.deadline - start <= 0) {
			return null;
		}
		WireTicket ticket = WireTicket.issue(this.deadline, Math.max(patience, this.hosts.patience(host)));
		try (ticket) {
			Physical physical = this.attempt.connect(host, ticket);
			this.hosts.succeeded(host, System.nanoTime() - start);
			return choose(physical, host);
		}
		catch (SQLException ex) {
			refused(host, ex);
			if (ticket.wasSilent()) {
				silent.add(host);
			}
			return null;
		}
	}

	/**
	 * A host did not let us in. What is wrong everywhere is not tried elsewhere.
	 */
	private void refused(String host, SQLException failure) throws SQLException {
		String state = failure.getSQLState();
		if (state != null && (state.startsWith("28") || state.startsWith("3D"))) {
			throw failure;
		}
		this.hosts.failed(host);
		remember(failure);
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
		remember(WrongRoleException.notWanted(host, standby, this.target));
		return null;
	}

	// an answer tells more than silence
	private void remember(SQLException failure) {
		boolean role = failure instanceof WrongRoleException;
		boolean news = role ? !(this.failure instanceof WrongRoleException) : !"08001".equals(failure.getSQLState());
		if (this.failure == null || news) {
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
