package io.github.resilientdb.pool.connect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import org.springframework.util.ClassUtils;

/**
 * Whether a pool needs connections to a primary, and which of them are.
 * <p>
 * PostgreSQL 14 and later tells at connect whether it is in recovery; older ones, and
 * those behind a pooler, are asked. Whether transactions are read-only by default does
 * not count: a role or a database may be set so, and waiting would not change it.
 */
public final class PrimaryRequirement {

	private static final boolean POSTGRES = ClassUtils.isPresent("org.postgresql.PGConnection",
			PrimaryRequirement.class.getClassLoader());

	/**
	 * Any server will do.
	 */
	static final PrimaryRequirement NONE = new PrimaryRequirement(RequirePrimary.NEVER, false);

	private final RequirePrimary required;

	private volatile boolean wrote;

	private volatile Reports reports = Reports.BELIEVED;

	public PrimaryRequirement(RequirePrimary required, boolean forStandbys) {
		this.required = forStandbys ? RequirePrimary.NEVER : required;
	}

	/**
	 * Return whether only primaries will do, as of now.
	 */
	public boolean isInForce() {
		return switch (this.required) {
			case ALWAYS -> true;
			case AUTO -> this.wrote;
			case NEVER -> false;
		};
	}

	/**
	 * Return whether it matters which server a connection leads to.
	 */
	public boolean isPossible() {
		return this.required != RequirePrimary.NEVER;
	}

	/**
	 * A transaction that may have written was committed.
	 */
	public void wrote() {
		if (!this.wrote) {
			this.wrote = true;
		}
	}

	/**
	 * A server refused to write in a transaction that may. If it does not say that it is
	 * a standby, that may be the report of another server, repeated by a pooler: from now
	 * on new connections are asked.
	 * @param connection the connection
	 * @return whether it is known that others, too, lead elsewhere than they say
	 */
	public boolean writeRefused(Connection connection) {
		wrote();
		if (this.reports == Reports.BELIEVED && reportsPrimary(connection)) {
			this.reports = Reports.DOUBTED;
		}
		return this.reports == Reports.WRONG;
	}

	private static boolean reportsPrimary(Connection connection) {
		try {
			return isPostgres(connection) && "off".equals(reported(connection));
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static @Nullable String reported(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getParameterStatus("in_hot_standby");
	}

	/**
	 * Look whether a new connection leads to a standby.
	 * @param connection the connection
	 * @return whether it does; {@code false} also where there is no such thing
	 * @throws SQLException if the server doesn't answer
	 */
	boolean isStandby(Connection connection) throws SQLException {
		if (!isPossible()) {
			return false;
		}
		if (this.reports == Reports.BELIEVED) {
			return leadsToStandby(connection);
		}
		boolean standby = isPostgres(connection) && ask(connection);
		if (standby && reportsPrimary(connection)) {
			this.reports = Reports.WRONG;
		}
		return standby;
	}

	public static boolean isPostgres(Connection connection) throws SQLException {
		return POSTGRES && connection.isWrapperFor(PGConnection.class);
	}

	static boolean leadsToStandby(Connection connection) throws SQLException {
		if (!isPostgres(connection)) {
			return false;
		}
		// a pooler may repeat what another server reported long ago
		return !"off".equals(reported(connection)) && ask(connection);
	}

	/**
	 * Return whether transactions are read-only unless they say otherwise.
	 */
	public static boolean isReadOnlyByDefault(Connection connection) {
		try {
			return isPostgres(connection) && "on"
				.equals(connection.unwrap(PGConnection.class).getParameterStatus("default_transaction_read_only"));
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static boolean ask(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select pg_is_in_recovery()")) {
			return result.next() && result.getBoolean(1);
		}
	}

	/**
	 * Look where a new connection leads to, and close it if a primary is needed and it
	 * doesn't lead to one.
	 * @param connection the connection
	 * @param wire its socket
	 * @param address where it leads to, as the user knows it
	 * @return the connection
	 * @throws SQLException if it is of no use
	 */
	Physical checked(Connection connection, @Nullable WireSocket wire, @Nullable String address) throws SQLException {
		boolean useful = false;
		try {
			boolean standby = isStandby(connection);
			if (standby && isInForce()) {
				throw WrongRoleException.notPrimary(
						(address != null) ? address : withoutParameters(connection.getMetaData().getURL()),
						this.required);
			}
			useful = true;
			return new Physical(connection, wire, standby, address);
		}
		finally {
			if (!useful) {
				Physical.close(connection, wire);
			}
		}
	}

	// among which a password may be
	private static String withoutParameters(String url) {
		int end = url.indexOf('?');
		return (end < 0) ? url : url.substring(0, end);
	}

	/**
	 * What it is worth that a connection says it leads to no standby.
	 */
	private enum Reports {

		BELIEVED, DOUBTED, WRONG

	}

}
