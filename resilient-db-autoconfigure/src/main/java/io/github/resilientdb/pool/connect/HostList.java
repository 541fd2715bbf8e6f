package io.github.resilientdb.pool.connect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The hosts of a PostgreSQL URL, and which of them had better be asked last.
 *
 * @param hosts the hosts with their ports, as written
 * @param before what stands before them in the URL
 * @param after what stands after them, without the parameters that concern the choice
 * among hosts
 * @param failed when hosts failed
 */
record HostList(List<String> hosts, String before, String after, Map<String, Long> failed) {

	private static final long REMEMBERED = TimeUnit.SECONDS.toNanos(10);

	private static final Set<String> CHOICE = Set.of("targetServerType", "loadBalanceHosts", "hostRecheckSeconds");

	static HostList of(String url) {
		int start = url.indexOf("//") + 2;
		int end = start;
		while (start > 1 && end < url.length() && url.charAt(end) != '/' && url.charAt(end) != '?') {
			end++;
		}
		if (start < 2 || url.substring(start, end).indexOf(',') < 0) {
			return new HostList(List.of(), url, "", Map.of());
		}
		return new HostList(Arrays.asList(url.substring(start, end).split(",")), url.substring(0, start),
				withoutChoice(url.substring(end)), new ConcurrentHashMap<>());
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

	void succeeded(String host) {
		this.failed.remove(host);
	}

}
