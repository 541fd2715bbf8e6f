package io.github.resilientdb.matrix;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.resilientdb.matrix.Cell.Setup;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * The core losses on every kind of connection, pooled and not, with and without
 * auto-commit, by JPA and JDBC, with each verification: each pair of them normally, all
 * combinations in the tests that take long. The system property
 * {@code resilientdb.test.cells} chooses some of these, by a regular expression.
 */
class MatrixIntegrationTests {

	private static final int CELLS = 1200;

	private static final int LEFT_OUT = 60;

	private static final PostgresServer server = PostgresServer.shared();

	private static final Map<ConnectionKind, FaultProxy> proxies = new EnumMap<>(ConnectionKind.class);

	private static String database;

	private static @Nullable MatrixApplication application;

	@BeforeAll
	static void createDatabase() {
		database = server.createDatabase();
		MatrixDatabase.setUp(server, database);
		FaultProxy proxy = FaultProxy.inFrontOf(server);
		for (ConnectionKind kind : ConnectionKind.values()) {
			proxies.put(kind, (kind == ConnectionKind.TLS) ? FaultProxy.encryptedInFrontOf(server) : proxy);
		}
	}

	@AfterAll
	static void dropDatabase() {
		stop();
		Set.copyOf(proxies.values()).forEach(FaultProxy::close);
		server.dropDatabase(database);
	}

	@AfterEach
	void heal() {
		proxies.values().forEach(FaultProxy::heal);
	}

	@ParameterizedTest
	@MethodSource("pairwiseAndOnceFailed")
	void holds(Cell cell) {
		run(cell);
	}

	@ParameterizedTest
	@MethodSource("chosen")
	@Tag("soak")
	void holdsEverywhere(Cell cell) {
		run(cell);
	}

	private static void run(Cell cell) {
		List<KnownFailure> known = KnownFailure.of(cell);
		try {
			cell.loss().run(applicationOf(cell.setup()), cell.access());
		}
		catch (AssertionError | RuntimeException ex) {
			if (known.isEmpty()) {
				throw ex;
			}
			stop(); // who knows in which state it is
			return;
		}
		if (!known.isEmpty()) {
			fail("holds now, is to be removed from what is known to fail: " + known);
		}
	}

	private static MatrixApplication applicationOf(Setup setup) {
		MatrixApplication current = application;
		if (current != null && current.setup().equals(setup)) {
			return current;
		}
		stop();
		MatrixApplication started = MatrixApplication.start(setup, proxies.get(setup.kind()), server, database);
		application = started;
		return started;
	}

	private static void stop() {
		if (application != null) {
			application.proxy().heal();
			application.close();
			application = null;
		}
	}

	@Test
	void noCellIsLeftOutWithoutAReason() {
		List<Cell> all = Cell.all();
		assertThat(all).hasSize(CELLS).doesNotHaveDuplicates();
		assertThat(possible()).hasSize(CELLS - LEFT_OUT);
		Set<String> reasons = all.stream()
			.filter((cell) -> cell.loss().impossible(cell) != null)
			.map((cell) -> "%s, mode %s: %s".formatted(cell.loss(), cell.setup().mode(), cell.loss().impossible(cell)))
			.collect(Collectors.toSet());
		assertThat(reasons)
			.containsExactly("CHECKOUT, mode NONE: nothing waits to be checked out, each checkout opens a connection");
	}

	@Test
	void eachPairIsInACell() {
		List<Cell> pairwise = pairwise();
		assertThat(pairwise.stream().flatMap((cell) -> PairwiseCover.pairs(cell).stream()).collect(Collectors.toSet()))
			.isEqualTo(possible().stream()
				.flatMap((cell) -> PairwiseCover.pairs(cell).stream())
				.collect(Collectors.toSet()));
		assertThat(pairwise).hasSize(50);
	}

	@Test
	void whatIsKnownToFailIsPossible() {
		assertThat(KnownFailure.ALL).allSatisfy((known) -> assertThat(possible()).anyMatch(known.cells()));
	}

	static List<Cell> pairwise() {
		return PairwiseCover.of(possible());
	}

	/**
	 * Return the cells that show each pair, and such as failed once without any pair of
	 * theirs having failed elsewhere: locks that stay with a session of which the driver
	 * doesn't tell the last answer.
	 */
	static List<Cell> pairwiseAndOnceFailed() {
		List<Cell> cells = new ArrayList<>(pairwise());
		possible().stream()
			.filter((cell) -> cell.toString()
				.equals("HALF_OPEN, JDBC, FOREIGN_SOCKET_FACTORY, mode POOLED, auto-commit ON, verification MARKER"))
			.forEach(cells::add);
		return cells;
	}

	static List<Cell> chosen() {
		Predicate<String> choice = Pattern.compile(System.getProperty("resilientdb.test.cells", "")).asPredicate();
		return possible().stream().filter((cell) -> choice.test(cell.toString())).toList();
	}

	static List<Cell> possible() {
		return Cell.all().stream().filter((cell) -> cell.loss().impossible(cell) == null).toList();
	}

}
