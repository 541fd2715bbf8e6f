package io.github.resilientdb.integration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.testsupport.PostgresServer;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.awaitility.Awaitility.await;

/**
 * What the tests do in a transaction: insert entries, count how often a place is reached,
 * and lose the connection.
 */
class Scenario {

	private final JdbcTemplate jdbc;

	private final HikariDataSource pool;

	private final Map<String, Integer> runs = new ConcurrentHashMap<>();

	Scenario(JdbcTemplate jdbc, HikariDataSource pool) {
		this.jdbc = jdbc;
		this.pool = pool;
	}

	void reset() {
		this.runs.clear();
		this.jdbc.update("truncate note");
	}

	/**
	 * Count that a place is reached, and leave an entry.
	 * @param place the place
	 * @return how often it was reached, this time included
	 */
	int enter(String place) {
		int count = this.runs.merge(place, 1, Integer::sum);
		insert(place);
		return count;
	}

	void insert(String text) {
		this.jdbc.update("insert into note (text) values (?)", text);
	}

	/**
	 * End the session of the current transaction, and find out by the next statement.
	 */
	void disconnect() {
		endSession();
		this.jdbc.queryForObject("select 1", Integer.class);
	}

	/**
	 * End the session of the current transaction, which is not noticed yet.
	 */
	void endSession() {
		Integer pid = this.jdbc.queryForObject("select pg_backend_pid()", Integer.class);
		PostgresServer.shared().terminateBackend(pid);
	}

	/**
	 * Enter a place, and lose the connection the first time.
	 * @param place the place
	 */
	void enterAndDisconnectFirst(String place) {
		if (enter(place) == 1) {
			disconnect();
		}
	}

	int runs(String place) {
		return this.runs.getOrDefault(place, 0);
	}

	List<String> entries() {
		return new ArrayList<>(this.jdbc.queryForList("select text from note order by text", String.class));
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	void awaitIdlePool() {
		await().until(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == 0);
	}

}
