package io.github.resilientdb.pool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.testsupport.NetworkDescriptors;
import io.github.resilientdb.testsupport.TlsPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Connections of all kinds that a pool opens and closes, with TLS.
 */
class TlsPoolIntegrationTests {

	private static final List<String> MODES = List.of("disable", "allow", "prefer", "require", "verify-ca",
			"verify-full");

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@TempDir
	private static Path directory;

	private static Path certificate;

	private static TlsPostgres postgres;

	@BeforeAll
	static void start() throws Exception {
		assumeThat(TlsPostgres.BINARIES).isDirectory();
		assumeThat(NetworkDescriptors.areKnown()).isTrue();
		postgres = TlsPostgres.start();
		certificate = Files.copy(postgres.certificate(), directory.resolve("root.crt"),
				StandardCopyOption.REPLACE_EXISTING);
	}

	@AfterAll
	static void stop() throws Exception {
		if (postgres != null) {
			postgres.close();
		}
	}

	@Test
	void nothingIsLeftOfAHundred() throws Exception {
		openAndClose(100);
	}

	@Test
	@Tag("soak")
	void nothingIsLeftOfAThousand() throws Exception {
		openAndClose(1000);
	}

	private static void openAndClose(int connections) throws Exception {
		for (String mode : MODES) {
			round(mode, 1); // whatever is loaded once
		}
		NetworkDescriptors before = NetworkDescriptors.now();
		Set<String> threads = threads();
		for (String mode : MODES) {
			round(mode, connections / MODES.size() + 1);
		}
		Awaitility.await()
			.untilAsserted(() -> assertThat(NetworkDescriptors.now().since(before)).isLessThanOrEqualTo(0));
		Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(threads));
	}

	private static void round(String mode, int connections) throws Exception {
		String url = "jdbc:postgresql://localhost:%d/postgres?sslmode=%s&sslrootcert=%s".formatted(postgres.port(),
				mode, certificate);
		try (TestPool pool = TestPool.to(url, "postgres", "").mode(PoolMode.NONE).pingTimeout(PATIENCE).build()) {
			for (int i = 0; i < connections; i++) {
				switch (i % 3) {
					case 0 -> use(pool, mode);
					case 1 -> new DirectConnections(pool.database()::connect, () -> {
					}, null).open(inTime()).close();
					default -> assertThat(pool.database().answers(System.nanoTime(), inTime())).isTrue();
				}
			}
		}
	}

	private static void use(TestPool pool, String mode) throws Exception {
		try (Connection connection = pool.borrow()) {
			int encrypted = TestPool.queryForInt(connection,
					"select ssl::int from pg_stat_ssl where pid = pg_backend_pid()");
			assertThat(encrypted).isEqualTo(Set.of("disable", "allow").contains(mode) ? 0 : 1);
		}
	}

	private static long inTime() {
		return System.nanoTime() + PATIENCE.toNanos();
	}

	private static Set<String> threads() {
		Set<String> names = new TreeSet<>();
		Thread.getAllStackTraces().keySet().forEach((thread) -> names.add(thread.getName()));
		names.remove("awaitility-thread");
		return names;
	}

}
