package io.github.resilientdb.test;

import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.resilientdb.test.proxy.Encryption;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC URL of a PostgreSQL server, or of several of which one is used.
 *
 * @param prefix what stands before the addresses
 * @param hosts the addresses
 * @param database what follows the addresses: a slash and the database's name, if any
 * @param parameters the URL's parameters, without the question mark
 */
record PostgresUrl(String prefix, List<Host> hosts, String database, String parameters) {

	private static final int DEFAULT_PORT = 5432;

	private static final Pattern URL = Pattern
		.compile("(jdbc:(?:\\w+:)*postgresql:)(?://((?:\\[[^]]+]|[^\\[/?])*))?(/?[^?,]*)(?:\\?(.*))?");

	private static final Pattern HOST = Pattern.compile("(\\[[^]]+]|[^:]*)(?::(\\d+))?");

	private static final Pattern PARAMETER = Pattern.compile("([^=&]+)=([^&]*)");

	private static final Pattern SSL = Pattern.compile("(^|&)(ssl(mode|negotiation)?|channelBinding)=[^&]*",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern SERVER_TYPE = Pattern.compile("(^|&)targetServerType=[^&]*", Pattern.CASE_INSENSITIVE);

	PostgresUrl {
		hosts = List.copyOf(hosts);
	}

	/**
	 * Take a URL apart.
	 * @return the parts, or {@code null} if it is none of a PostgreSQL server
	 */
	static @Nullable PostgresUrl parse(String url) {
		Matcher matcher = URL.matcher(url);
		if (!matcher.matches()) {
			return null;
		}
		String addresses = (matcher.group(2) != null) ? matcher.group(2) : "";
		List<Matcher> hosts = Stream.of(addresses.split(",", -1)).map(HOST::matcher).toList();
		if (!hosts.stream().allMatch(Matcher::matches)) {
			return null;
		}
		String parameters = (matcher.group(4) != null) ? matcher.group(4) : "";
		return new PostgresUrl(matcher.group(1),
				hosts.stream().map((host) -> Host.of(host.group(1), host.group(2))).toList(), slashed(matcher.group(3)),
				parameters);
	}

	private static String slashed(String database) {
		return database.startsWith("/") ? database : "/" + database;
	}

	/**
	 * Return whether the client wants TLS.
	 * @param others the driver's properties that are not in the URL
	 */
	Encryption encryption(Properties others) {
		Properties all = new Properties();
		others.stringPropertyNames().forEach((name) -> all.setProperty(lowerCase(name), others.getProperty(name)));
		Matcher parameter = PARAMETER.matcher(this.parameters);
		while (parameter.find()) {
			all.setProperty(lowerCase(parameter.group(1)), parameter.group(2));
		}
		boolean insists = List.of("", "true").contains(all.getProperty("ssl", "false"));
		return switch (lowerCase(all.getProperty("sslmode", insists ? "verify-full" : "prefer"))) {
			case "disable", "allow" -> Encryption.NEVER;
			case "prefer" -> Encryption.IF_OFFERED;
			default -> Encryption.REQUIRED;
		};
	}

	private static String lowerCase(String text) {
		return text.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the URL as it may be shown.
	 */
	static String withoutParameters(String url) {
		int parameters = url.indexOf('?');
		return (parameters < 0) ? url : url.substring(0, parameters);
	}

	/**
	 * Return the URL past the proxies. Of several servers it leads to the primary,
	 * whichever the application reads from: standbys lag behind.
	 */
	String direct() {
		return (this.hosts.size() == 1) ? direct(this.hosts, this.parameters)
				: direct(this.hosts, with(SERVER_TYPE, "targetServerType=preferPrimary"));
	}

	/**
	 * Return the URL of one of the servers, whatever it is, past its proxy.
	 */
	String direct(Host host) {
		return direct(List.of(host), with(SERVER_TYPE, "targetServerType=any"));
	}

	private String direct(List<Host> to, String with) {
		return "jdbc:postgresql:" + authority(to.stream().map(Host::toString)) + this.database + "?" + with;
	}

	/**
	 * Return the URL through proxies on this host, without TLS.
	 * @param proxies the ports of the proxies before each of the servers
	 */
	String through(List<Integer> proxies) {
		return this.prefix + authority(proxies.stream().map((port) -> "127.0.0.1:" + port)) + this.database + "?"
				+ with(SSL, "sslmode=disable");
	}

	private static String authority(Stream<String> hosts) {
		return "//" + hosts.collect(Collectors.joining(","));
	}

	private String with(Pattern replaced, String parameter) {
		String others = replaced.matcher(this.parameters).replaceAll("").replaceFirst("^&", "");
		return others + (others.isEmpty() ? "" : "&") + parameter;
	}

	/**
	 * The address of a server.
	 *
	 * @param name its name or address
	 * @param port its port
	 */
	record Host(String name, int port) {

		static Host of(@Nullable String name, @Nullable String port) {
			return new Host((name == null || name.isEmpty()) ? "localhost" : name,
					(port != null) ? Integer.parseInt(port) : DEFAULT_PORT);
		}

		@Override
		public String toString() {
			return this.name + ":" + this.port;
		}

	}

}
