package io.github.resilientdb.testsupport;

/**
 * Holds the server that all tests of a JVM share.
 */
final class SharedPostgresServer {

	private static final PostgresServer SERVER = create();

	private SharedPostgresServer() {
	}

	static PostgresServer get() {
		// an earlier test may have failed between stopping or pausing it and its clean-up
		SERVER.resume();
		SERVER.start();
		return SERVER;
	}

	private static PostgresServer create() {
		String kind = System.getProperty("resilientdb.test.server", "embedded");
		PostgresServer server = switch (kind) {
			case "embedded" -> PostgresServer.embedded().clusterOfItsOwn().build();
			case "testcontainers" -> new ContainerPostgresServer();
			case "external" -> ExternalPostgresServer.fromSystemProperties();
			default -> throw new IllegalArgumentException(
					"Invalid resilientdb.test.server (" + kind + "): must be embedded, testcontainers or external");
		};
		Runnable stop = (server instanceof EmbeddedPostgresServer embedded) ? embedded::closeAtExit : server::close;
		Runtime.getRuntime().addShutdownHook(new Thread(stop, "postgres-stopper"));
		return server;
	}

}
