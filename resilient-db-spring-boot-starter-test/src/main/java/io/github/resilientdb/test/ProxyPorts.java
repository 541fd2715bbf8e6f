package io.github.resilientdb.test;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which servers the proxies of this JVM stand before. Who reads the address of a proxy in
 * a message is told of the server that the application was given. Safe to use from
 * several threads.
 */
final class ProxyPorts {

	/**
	 * Kept when a context is gone: what is said of one that failed is said after its end.
	 */
	private static final Map<String, String> SERVERS = new ConcurrentHashMap<>();

	private static final Pattern ADDRESS = Pattern.compile("\\b(?:127\\.0\\.0\\.1|localhost):(\\d{2,5})\\b");

	private static final Pattern PORT = Pattern.compile("\\b\\d{2,5}\\b");

	private ProxyPorts() {
	}

	static void add(int port, String server) {
		SERVERS.put(String.valueOf(port), server);
	}

	/**
	 * Return a text with the addresses of servers instead of those of proxies.
	 */
	static String name(String text) {
		return ADDRESS.matcher(text)
			.replaceAll((match) -> Matcher.quoteReplacement(SERVERS.getOrDefault(match.group(1), match.group())));
	}

	/**
	 * Say which proxies a text speaks of.
	 * @return a sentence for each, empty if it speaks of none
	 */
	static String explain(String text) {
		StringBuilder sentences = new StringBuilder();
		PORT.matcher(text).results().map((match) -> match.group()).distinct().forEach((port) -> {
			String server = SERVERS.get(port);
			if (server != null) {
				sentences.append("Port %s is that of the proxy that @DisconnectTest has put before %s. ".formatted(port,
						server));
			}
		});
		return sentences.toString().trim();
	}

}
