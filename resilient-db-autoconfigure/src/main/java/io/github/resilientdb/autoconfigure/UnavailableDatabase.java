package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;
import java.util.Optional;

import io.github.resilientdb.autoconfigure.DatabaseAddress.Host;
import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.pool.FailedConnect;
import io.github.resilientdb.pool.HikariTakeover;
import org.jspecify.annotations.Nullable;

/**
 * A database that no connection can be had of, and what to say of that.
 *
 * @param beanName the name of the DataSource bean
 * @param address where it is
 * @param problem what is wrong
 * @param failure what the driver threw
 */
record UnavailableDatabase(String beanName, DatabaseAddress address, DatabaseProblem problem, Exception failure) {

	private static final String NOT_SET = "(not set)";

	private static final int MAX_CAUSES = 16;

	// ours follows
	private static final String DRIVERS_ADVICE = "Check that the hostname and port are correct "
			+ "and that the postmaster is accepting TCP/IP connections.";

	static Optional<UnavailableDatabase> of(GuardedPool pool) {
		return HikariTakeover.failedConnect(pool.dataSource())
			.map((failed) -> of(pool.beanName(), DatabaseAddress.of(pool.dataSource()), failed));
	}

	static UnavailableDatabase of(String beanName, DatabaseAddress address, FailedConnect failed) {
		return new UnavailableDatabase(beanName, address, DatabaseProblem.of(failed.reason()), failed.failure());
	}

	String headline() {
		return "The database of DataSource '%s' %s".formatted(this.beanName, this.problem.headline());
	}

	/**
	 * Return all that is known, one thing a line.
	 * @param origin where the URL is set, {@code null} if unknown
	 */
	String description(@Nullable String origin) {
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
	 */
	String inOneLine() {
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
	 */
	String action(boolean waits) {
		String action = this.problem.action(this.address);
		return (this.problem.mayPass() && !waits) ? action + "\nIf it starts together with the application, "
				+ "set resilientdb.startup.wait-for-database to 30s, for example." : action;
	}

	/**
	 * Return what the driver says, in one line.
	 */
	String reason() {
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
