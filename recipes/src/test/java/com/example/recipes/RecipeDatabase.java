package com.example.recipes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.ClientSide;
import io.github.resilientdb.test.proxy.Encryption;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.FaultProxy;
import io.github.resilientdb.test.proxy.Statements;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.test.context.DynamicPropertyRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database of all recipes, behind a proxy that breaks the network.
 */
final class RecipeDatabase {

	static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final EmbeddedPostgres SERVER = start();

	private static final FaultProxy PROXY = new FaultProxy("localhost", SERVER.getPort(), Encryption.NEVER,
			ClientSide.PLAIN);

	private RecipeDatabase() {
	}

	/**
	 * Return a port that is still free when the server is ready to listen: not one of
	 * those that a system gives to whoever asks for any.
	 */
	private static int port() {
		return new Random().ints(1000, 10_000, 20_000).filter((port) -> {
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.isBound();
			}
			catch (IOException ex) {
				return false;
			}
		}).findFirst().orElseThrow();
	}

	private static EmbeddedPostgres start() {
		try {
			return EmbeddedPostgres.builder()
				.setServerConfig("synchronous_commit", "on")
				.setLocaleConfig("locale", "C")
				.setPort(port())
				.setPGStartupWait(PATIENCE)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void register(DynamicPropertyRegistry properties, String... statements) {
		execute(statements);
		properties.add("spring.datasource.url", () -> "jdbc:postgresql://localhost:" + PROXY.port() + "/postgres");
		properties.add("spring.datasource.username", () -> "postgres");
		properties.add("spring.datasource.hikari.maximum-pool-size", () -> 4);
		// A slow machine is no reason to give up
		properties.add("resilientdb.retry.deadline", () -> PATIENCE);
	}

	static void execute(String... statements) {
		try (Connection connection = SERVER.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return what is stored, asked beside the pool.
	 */
	static List<String> query(String sql) {
		List<String> values = new ArrayList<>();
		try (Connection connection = SERVER.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				values.add(rows.getString(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Break the next COMMIT in each way while something runs, and make sure that it did.
	 */
	static void whileCommitsAreLost(Work work) throws Exception {
		for (Fault fault : new Fault[] { Fault.DROP_REQUEST, Fault.DROP_RESPONSE, Fault.END_SESSION }) {
			ArmedFault armed = arm(fault);
			work.run();
			armed.await(PATIENCE);
		}
	}

	/**
	 * Place faults at random moments while something runs, and make sure that several
	 * happened.
	 */
	static void inAStorm(Work work) throws Exception {
		inAStorm(RecipeStorm.ALL_KINDS, work);
	}

	/**
	 * The same with faults that end connections alone.
	 */
	static void inAStormOfLosses(Work work) throws Exception {
		inAStorm(RecipeStorm.LOSSES, work);
	}

	private static void inAStorm(List<Fault> kinds, Work work) throws Exception {
		RecipeStorm storm = new RecipeStorm(kinds);
		PROXY.observe(storm::at);
		try {
			work.run();
		}
		finally {
			PROXY.observe((statements) -> null);
		}
		assertThat(storm.await(PATIENCE)).isGreaterThanOrEqualTo(3);
	}

	static ArmedFault arm(Fault fault) {
		return arm(fault, 1);
	}

	static ArmedFault arm(Fault fault, int commit) {
		return PROXY.arm(fault, Statements.commit(), commit);
	}

	static void disarm() {
		PROXY.disarm();
	}

	/**
	 * What is done while COMMITs are lost.
	 */
	@FunctionalInterface
	interface Work {

		void run() throws Exception;

	}

}
