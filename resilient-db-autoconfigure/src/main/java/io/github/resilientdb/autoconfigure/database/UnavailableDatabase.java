package io.github.resilientdb.autoconfigure.database;

import java.sql.SQLException;

import io.github.resilientdb.autoconfigure.database.DatabaseAddress.Host;
import io.github.resilientdb.pool.HikariTakeover.FailedConnect;
import org.jspecify.annotations.Nullable;

/**
 * A database that no connection can be had of, and what to say of that.
 *
 * @param beanName the name of the DataSource bean
 * @param address where it is
 * @param problem what is wrong
 * @param failure what the driver threw
 */
public record UnavailableDatabase(String beanName, DatabaseAddress address, DatabaseProblem problem,
		Exception failure) {

	private static final String NOT_SET = "(not set)";

	private static final int MAX_CAUSES = 16;

	// ours follows
	private static final String DRIVERS_ADVICE = "Check that the hostname and port are correct "
			+ "and that the postmaster is accepting TCP/IP connections.";

	/**
	 * Say what a failure to connect means.
	 * @param beanName the name of the DataSource bean
	 * @param address where the database is
	 * @param failed the failure
	 * @return what to say
	 */
	public static UnavailableDatabase of(String beanName, DatabaseAddress address, FailedConnect failed) {
		return new UnavailableDatabase(beanName, address, DatabaseProblem.of(failed.reason()), failed.failure());
	}

	String headline() {
		return "The database of DataSource '%s' %s".formatted(this.beanName, this.problem.headline());
	}

	/**
	 * Return all that is known, one thing a line.
	 * @param origin where the URL is set, {@code null} if unknown
	 * @return several lines
	 */
	public String description(@Nullable String origin) {
		StringBuilder text = new StringBuilder(headline()).append(":\n");
		if (this.address.hosts().size() == 1) {
			Host host = this.address.hosts().get(0);
			line(text, "Host", host.name());
			line(text, "Port", host.port());
		}
		else if (!this.address.hosts().isEmpty()) {
			line(text, "Hosts", this.address.hosts().toString().replaceAll("[\\[\\]]", ""));
		}
		else {
			line(text, "URL", this.address.url());
		}
		if (this.address.database() != null) {
			line(text, "Database", this.address.database());
		}
		line(text, "User", this.address.user());
		if (origin != null) {
			line(text, "Origin", origin);
		}
		line(text, "Reason", reason());
		return text.toString();
	}

	/**
	 * Return all that is known, and what to try.
	 * @return one line
	 */
	public String inOneLine() {
		String user = (this.address.user() != null) ? " as " + this.address.user() : "";
		return "%s: %s%s: %s. %s".formatted(headline(), this.address, user, reason().replaceFirst("\\.$", ""),
				action(true).replace("\n", ". "));
	}

	private static void line(StringBuilder text, String name, @Nullable String value) {
		text.append("\n    ").append(name).append(": ").append((value != null) ? value : NOT_SET);
	}

	/**
	 * Return what to try.
	 * @param waits whether start-up has waited
	 * @return one line or several
	 */
	public String action(boolean waits) {
		String action = this.problem.action(this.address);
		return (this.problem.mayPass() && !waits) ? action + "\nIf it starts together with the application, "
				+ "set resilientdb.startup.wait-for-database to 30s, for example." : action;
	}

	/**
	 * Return what the driver says.
	 * @return one line
	 */
	public String reason() {
		String message = oneLine(this.failure);
		Throwable root = this.failure;
		for (int i = 0; root.getCause() != null && i < MAX_CAUSES; i++) {
			root = root.getCause();
		}
		String cause = (root != this.failure && this.problem != DatabaseProblem.REFUSED
				&& !message.contains(oneLine(root)))
						? " (%s: %s)".formatted(root.getClass().getSimpleName(), oneLine(root)) : "";
		String state = (this.failure instanceof SQLException ex && ex.getSQLState() != null)
				? " [SQLSTATE %s]".formatted(ex.getSQLState()) : "";
		return message + cause + state;
	}

	private static String oneLine(Throwable failure) {
		String message = (failure.getMessage() != null) ? failure.getMessage() : failure.getClass().getSimpleName();
		return message.replace(DRIVERS_ADVICE, "").strip().replaceAll("\\s*\\R\\s*", " ");
	}

}
