package io.github.resilientdb.autoconfigure.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Where a pool connects, and as whom, without anything secret.
 *
 * @param url the URL without its parameters, {@code null} if there is none
 * @param hosts the hosts of a URL of PostgreSQL, with their ports
 * @param database its database
 * @param user who logs in, {@code null} if nothing says so
 */
public record DatabaseAddress(@Nullable String url, List<Host> hosts, @Nullable String database,
		@Nullable String user) {

	private static final Pattern POSTGRES = Pattern
		.compile("jdbc:postgresql:(?://(?<hosts>[^/?]*)/?)?(?<database>[^?]*)(?:\\?(?<parameters>.*))?");

	private static final Pattern HOST = Pattern.compile("(?<name>\\[.*]|[^:]*)(?::(?<port>\\d+))?");

	// of others: credentials before the host, and parameters
	private static final Pattern SECRETS = Pattern.compile("(?<=//)[^/@]*@|[?;].*");

	private static final String LOCALHOST = "localhost";

	private static final String DEFAULT_PORT = "5432";

	/**
	 * Read a URL.
	 * @param url the URL, {@code null} if there is none
	 * @param user who logs in, {@code null} if only the URL may say so
	 * @return the address
	 */
	public static DatabaseAddress of(@Nullable String url, @Nullable String user) {
		Matcher matcher = POSTGRES.matcher((url != null) ? url : "");
		if (url == null || !matcher.matches()) {
			return new DatabaseAddress((url != null) ? SECRETS.matcher(url).replaceAll("") : null, List.of(), null,
					user);
		}
		String inUrl = parameter("user", matcher.group("parameters"));
		String effective = (user != null) ? user : inUrl;
		String named = decode(matcher.group("database"));
		return new DatabaseAddress(url.replaceFirst("\\?.*", ""), hosts(matcher.group("hosts")),
				named.isEmpty() ? effective : named, effective);
	}

	private static List<Host> hosts(@Nullable String hosts) {
		if (hosts == null || hosts.isEmpty()) {
			return List.of(new Host(LOCALHOST, DEFAULT_PORT));
		}
		return Arrays.stream(hosts.split(",")).map(DatabaseAddress::host).toList();
	}

	private static Host host(String text) {
		Matcher matcher = HOST.matcher(text);
		if (!matcher.matches()) {
			return new Host(text, DEFAULT_PORT);
		}
		String name = matcher.group("name");
		String port = matcher.group("port");
		return new Host(name.isEmpty() ? LOCALHOST : name, (port != null) ? port : DEFAULT_PORT);
	}

	private static @Nullable String parameter(String name, @Nullable String parameters) {
		return Arrays.stream(((parameters != null) ? parameters : "").split("&"))
			.filter((parameter) -> parameter.startsWith(name + "="))
			.map((parameter) -> decode(parameter.substring(name.length() + 1)))
			.findFirst()
			.orElse(null);
	}

	private static String decode(String text) {
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

	/**
	 * Return the options by which the tools of PostgreSQL connect to the same server.
	 */
	String options() {
		Host host = this.hosts.isEmpty() ? new Host(LOCALHOST, DEFAULT_PORT) : this.hosts.get(0);
		return "-h %s -p %s".formatted(host.name(), host.port()) + ((this.user != null) ? " -U " + this.user : "");
	}

	/**
	 * Return the address in one line.
	 */
	@Override
	public String toString() {
		if (this.hosts.isEmpty()) {
			return (this.url != null) ? this.url : "an address that only the DataSource knows";
		}
		return "%s/%s".formatted(this.hosts.stream().map(Host::toString).collect(Collectors.joining(",")),
				this.database);
	}

	/**
	 * A server.
	 *
	 * @param name its name or address
	 * @param port its port
	 */
	public record Host(String name, String port) {

		@Override
		public String toString() {
			return this.name + ":" + this.port;
		}

	}

}
