package io.github.resilientdb.failover;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Tries to write all the time, with a new connection each time, in order to know when the
 * way to another primary is open: one that is promoted commits when it has a standby.
 */
final class Reference {

	private static final long PAUSE_MILLIS = 10;

	private final FutureTask<Opened> task;

	Reference(String url, String oldAddress) {
		this.task = new FutureTask<>((Callable<Opened>) () -> await(url, oldAddress));
		Thread thread = new Thread(this.task, "reference");
		thread.setDaemon(true);
		thread.start();
	}

	private static Opened await(String url, String oldAddress) throws InterruptedException {
		while (true) {
			try (Connection connection = DriverManager
				.getConnection(url + "&connectTimeout=1&loginTimeout=1&socketTimeout=10");
					Statement statement = connection.createStatement();
					ResultSet result = statement.executeQuery(
							"insert into written (who) values ('reference') returning host(inet_server_addr())")) {
				result.next();
				String address = result.getString(1);
				if (!address.equals(oldAddress)) {
					return new Opened(address, System.nanoTime());
				}
			}
			catch (SQLException ex) {
				// not yet
			}
			Thread.sleep(PAUSE_MILLIS);
		}
	}

	FutureTask<Opened> task() {
		return this.task;
	}

	/**
	 * The way to another primary is open.
	 *
	 * @param address its address
	 * @param at since when
	 */
	record Opened(String address, long at) {

	}

}
