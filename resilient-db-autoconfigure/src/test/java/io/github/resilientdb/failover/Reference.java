package io.github.resilientdb.failover;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Tries to write all the time, with a new connection each time, in order to know when the
 * way to another primary is open: one that is promoted commits when it has a standby.
 * Several do, since each of them may be caught by a server that has fallen silent.
 */
final class Reference {

	private static final long PAUSE_MILLIS = 10;

	private static final int THREADS = 4;

	private final CompletableFuture<Opened> opened = new CompletableFuture<>();

	Reference(String url, String oldAddress) {
		for (int i = 0; i < THREADS; i++) {
			Thread thread = new Thread(() -> await(url, oldAddress), "reference-" + i);
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void await(String url, String oldAddress) {
		try {
			while (!this.opened.isDone()) {
				String address = write(url);
				if (address != null && !address.equals(oldAddress)) {
					this.opened.complete(new Opened(address, System.nanoTime()));
				}
				Thread.sleep(PAUSE_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			// nobody does
		}
	}

	private static @Nullable String write(String url) {
		try (Connection connection = DriverManager
			.getConnection(url + "&connectTimeout=1&loginTimeout=1&socketTimeout=2");
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(
						"insert into written (who) values ('reference') returning host(inet_server_addr())")) {
			result.next();
			return result.getString(1);
		}
		catch (SQLException ex) {
			return null;
		}
	}

	CompletableFuture<Opened> opened() {
		return this.opened;
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
