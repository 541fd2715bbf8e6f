package com.example.bank.trial;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The way to the database: where a proxy has to stand, or why none can.
 *
 * @param url the address of the database
 * @param host the server's host, {@code null} if no proxy can stand before it
 * @param port the server's port
 * @param obstacle why no proxy can, {@code null} if one can
 */
record Route(String url, @Nullable String host, int port, @Nullable String obstacle) {

	private static final Pattern ONE_SERVER = Pattern
		.compile("(?<scheme>jdbc:postgresql://)(?<host>[^/?,:\\[\\]@]+)(:(?<port>\\d+))?(?<rest>[/?].*)?");

	private static final int DEFAULT_PORT = 5432;

	static Route to(String url) {
		Matcher matcher = ONE_SERVER.matcher(url);
		if (!matcher.matches()) {
			return new Route(url, null, 0, "The network faults need an address with exactly one server.");
		}
		if (url.toLowerCase(Locale.ROOT).contains("sslmode=verify-full")) {
			return new Route(url, null, 0,
					"The network faults need another sslmode than verify-full, which allows no proxy.");
		}
		String port = matcher.group("port");
		return new Route(url, matcher.group("host"), (port != null) ? Integer.parseInt(port) : DEFAULT_PORT, null);
	}

	/**
	 * Return the address that leads through a proxy.
	 * @param proxyHost where the proxy listens
	 * @param proxyPort the port on which it listens
	 */
	String through(String proxyHost, int proxyPort) {
		Matcher matcher = ONE_SERVER.matcher(this.url);
		return matcher.replaceFirst("${scheme}" + proxyHost + ":" + proxyPort + "${rest}");
	}

}
