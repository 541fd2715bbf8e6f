package io.github.resilientdb.test;

import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.resilientdb.test.proxy.Encryption;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC URL of one PostgreSQL server.
 *
 * @param prefix what stands before the address
 * @param host the server's host
 * @param port the server's port
 * @param database what follows the address: a slash and the database's name, if any
 * @param parameters the URL's parameters, without the question mark
 */
record PostgresUrl(String prefix, String host, int port, String database, String parameters) {

	private static final int DEFAULT_PORT = 5432;

	private static final Pattern URL = Pattern
		.compile("(jdbc:(?:\\w+:)*postgresql:)(?://(\\[[^]]+]|[^:/?,]*)(?::(\\d+))?)?(/?[^?,]*)(?:\\?(.*))?");

	private static final Pattern PARAMETER = Pattern.compile("([^=&]+)=([^&]*)");

	private static final Pattern SSL = Pattern.compile("(^|&)(ssl(mode|negotiation)?|channelBinding)=[^&]*",
			Pattern.CASE_INSENSITIVE);

	/**
	 * Take a URL apart.
	 * @return the parts, or {@code null} if it is none of one PostgreSQL server
	 */
	static @Nullable PostgresUrl parse(String url) {
		Matcher matcher = URL.matcher(url);
		if (!matcher.matches()) {
			return null;
		}
		String host = matcher.group(2);
		String port = matcher.group(3);
		String parameters = matcher.group(5);
		return new PostgresUrl(matcher.group(1), (host == null || host.isEmpty()) ? "localhost" : host,
				(port != null) ? Integer.parseInt(port) : DEFAULT_PORT, slashed(matcher.group(4)),
				(parameters != null) ? parameters : "");
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
	 * Return the URL of the server itself.
	 */
	String direct() {
		return "jdbc:postgresql://" + this.host + ":" + this.port + this.database + "?" + this.parameters;
	}

	/**
	 * Return the URL through a proxy on this host, without TLS.
	 */
	String through(int proxy) {
		String others = SSL.matcher(this.parameters).replaceAll("").replaceFirst("^&", "");
		return this.prefix + "//127.0.0.1:" + proxy + this.database + "?" + others + (others.isEmpty() ? "" : "&")
				+ "sslmode=disable";
	}

}
