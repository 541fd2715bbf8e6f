package io.github.resilientdb.pool.connect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The hosts of a PostgreSQL URL, and what is known of them: which had better be asked
 * last, and which may be slow. Thread-safe.
 */
final class HostList {

	private static final long REMEMBERED = TimeUnit.SECONDS.toNanos(10);

	private static final long LONGEST_PATIENCE = TimeUnit.SECONDS.toNanos(10);

	private static final Set<String> CHOICE = Set.of("targetServerType", "loadBalanceHosts", "hostRecheckSeconds");

	private final List<String> hosts;

	private final String before;

	private final String after;

	private final Map<String, Long> failed = new ConcurrentHashMap<>();

	private final Map<String, Integer> silences = new ConcurrentHashMap<>();

	private final Map<String, Long> patience = new ConcurrentHashMap<>();

	private final AtomicInteger turn = new AtomicInteger();

	/**
	 * Create a list.
	 * @param hosts the hosts with their ports, as written
	 * @param before what stands before them in the URL
	 * @param after what stands after them, without the parameters that concern the choice
	 * among hosts
	 */
	private HostList(List<String> hosts, String before, String after) {
		this.hosts = hosts;
		this.before = before;
		this.after = after;
	}

	static HostList of(String url) {
		int start = url.indexOf("//") + 2;
		int end = start;
		while (start > 1 && end < url.length() && url.charAt(end) != '/' && url.charAt(end) != '?') {
			end++;
		}
		if (start < 2 || url.substring(start, end).indexOf(',') < 0) {
			return new HostList(List.of(), url, "");
		}
		return new HostList(Arrays.asList(url.substring(start, end).split(",")), url.substring(0, start),
				withoutChoice(url.substring(end)));
	}

	private static String withoutChoice(String rest) {
		int query = rest.indexOf('?');
		if (query < 0) {
			return rest;
		}
		String parameters = Arrays.stream(rest.substring(query + 1).split("&"))
			.filter((parameter) -> !CHOICE.contains(parameter.split("=", 2)[0]))
			.collect(Collectors.joining("&"));
		return parameters.isEmpty() ? rest.substring(0, query) : rest.substring(0, query + 1) + parameters;
	}

	List<String> hosts() {
		return this.hosts;
	}

	boolean areSeveral() {
		return !this.hosts.isEmpty();
	}

	String url(String host) {
		return this.before + host + this.after;
	}

	/**
	 * Return the hosts in the order in which to ask them.
	 * @param balanced whether any order will do
	 */
	List<String> inOrder(boolean balanced) {
		List<String> good = new ArrayList<>();
		List<String> bad = new ArrayList<>();
		long now = System.nanoTime();
		for (String host : this.hosts) {
			Long failed = this.failed.get(host);
			((failed != null && now - failed < REMEMBERED) ? bad : good).add(host);
		}
		if (balanced) {
			Collections.shuffle(good);
		}
		good.addAll(bad);
		return good;
	}

	void failed(String host) {
		this.failed.put(host, System.nanoTime());
	}

	/**
	 * A host was silent, and no other one would do.
	 */
	void silent(String host) {
		this.patience.remove(host);
		this.silences.merge(host, 1, Integer::sum);
	}

	/**
	 * A host let us in.
	 * @param nanos how long that took
	 */
	void succeeded(String host, long nanos) {
		this.failed.remove(host);
		this.silences.remove(host);
		if (nanos > ProbePace.PATIENCE) {
			this.patience.put(host, Math.min(2 * nanos, LONGEST_PATIENCE));
		}
		else {
			this.patience.remove(host);
		}
	}

	/**
	 * A host let us in, and was not silent for long meanwhile. If that took long all the
	 * same, the network or this machine may have been slow, so that nothing is learned.
	 * @param nanos how long that took
	 */
	void letIn(String host, long nanos) {
		if (nanos <= ProbePace.PATIENCE) {
			succeeded(host, nanos);
		}
	}

	/**
	 * Return whether a host has been silent so often that it may be slow.
	 */
	boolean mayBeSlow(String host) {
		return this.silences.getOrDefault(host, 0) >= ProbePace.IMPATIENT_ATTEMPTS;
	}

	/**
	 * Return whose turn it is among hosts that may be slow.
	 */
	String nextOf(List<String> slow) {
		return slow.get(Math.floorMod(this.turn.getAndIncrement(), slow.size()));
	}

	/**
	 * Return how long a host may be silent, as it is known to be slow.
	 * @return nanoseconds, 0 if it is not
	 */
	long patience(String host) {
		return this.patience.getOrDefault(host, 0L);
	}

}
