package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL cluster that fails over, on loopback: Patroni with etcd, three nodes with
 * addresses of their own, synchronous replication, and HAProxy and PgBouncer before them.
 * Where one of these programs is not installed, the test is skipped.
 */
public final class HaCluster implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final List<String> PROGRAMS = List.of("patroni", "etcd", "haproxy", "pgbouncer", "setpriv");

	private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

	private final Path directory = Directories.createTemporary("ha-cluster");

	private final HaClusterFiles files;

	private final List<Process> processes = new ArrayList<>();

	private final CutNetwork network;

	private final Process guard;

	private HaCluster(Path postgres) throws IOException {
		this.files = new HaClusterFiles(this.directory, postgres);
		this.network = new CutNetwork(this.directory);
		this.files.write();
		if (isRoot()) {
			new Command("chown", "-R", "postgres", this.directory.toString()).run();
		}
		this.guard = new ProcessBuilder("sh", "-c", """
				read line
				for pid in $(grep -l -a -s -F "%s" /proc/[0-9]*/cmdline | cut -d/ -f3); do
					[ $pid = $$ ] || kill -KILL $pid 2>/dev/null
				done
				nft delete table ip %s 2>/dev/null
				""".formatted(this.directory, this.network.table())).redirectErrorStream(true)
			.redirectOutput(Redirect.DISCARD)
			.start();
	}

	/**
	 * Start a cluster, and wait until it is complete.
	 * @return the cluster
	 */
	public static HaCluster start() {
		List<String> missing = PROGRAMS.stream().filter((name) -> program(name) == null).toList();
		Assumptions.assumeThat(missing).as("Programs that a cluster needs and that are not installed").isEmpty();
		Path postgres = postgres();
		Assumptions.assumeThat(postgres).as("PostgreSQL's programs in /usr/lib/postgresql").isNotNull();
		try {
			HaCluster cluster = new HaCluster(postgres);
			try {
				cluster.startAll();
				return cluster;
			}
			catch (IOException | RuntimeException ex) {
				System.getLogger(HaCluster.class.getName()).log(System.Logger.Level.ERROR, cluster.files.logs());
				cluster.close();
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static @Nullable Path program(String name) {
		return PLACES.stream().map((place) -> place.resolve(name)).filter(Files::isExecutable).findFirst().orElse(null);
	}

	private static String required(String name) {
		return Objects.requireNonNull(program(name)).toString();
	}

	private static @Nullable Path postgres() {
		try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((bin) -> Files.isExecutable(bin.resolve("postgres")))
				.max(Path::compareTo)
				.orElse(null);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private void startAll() throws IOException {
		List<String> etcd = new ArrayList<>(List.of(required("etcd")));
		etcd.addAll(this.files.etcdOptions());
		start("etcd", etcd);
		await("etcd", () -> status(this.files.etcdUrl() + "/health") == 200);
		startNode(1);
		await("first primary", () -> seenPrimary() == 1);
		startNode(2);
		startNode(3);
		start("haproxy", List.of(required("haproxy"), "-f", this.files.haproxy().toString()));
		start("pgbouncer", List.of(required("pgbouncer"), this.files.pgbouncer().toString()));
		awaitComplete();
		await("way through the proxies", () -> accepts(url(Topology.PGBOUNCER)));
	}

	private void startNode(int node) throws IOException {
		start("node" + node, List.of(required("patroni"), this.files.patroni(node).toString()));
	}

	private void start(String name, List<String> command) throws IOException {
		List<String> line = new ArrayList<>();
		if (isRoot()) {
			line.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", "env",
					"HOME=" + this.directory));
		}
		line.addAll(command);
		this.processes.add(new ProcessBuilder(line).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(Redirect.appendTo(this.directory.resolve(name + ".log").toFile()))
			.start());
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/**
	 * Return the URL of the way to the cluster.
	 * @param topology which way
	 * @return the URL, with the user
	 */
	public String url(Topology topology) {
		return this.files.url(topology, primary());
	}

	/**
	 * Return the address of a node, as the server itself reports it.
	 * @param node the number of the node
	 * @return the address
	 */
	public String address(int node) {
		return this.files.address(node);
	}

	/**
	 * Return which node is the primary, as soon as there is one that says so: Patroni may
	 * be too busy to answer at once.
	 * @return its number
	 */
	public int primary() {
		AtomicInteger node = new AtomicInteger();
		await("a primary", () -> {
			node.set(seenPrimary());
			return node.get() != 0;
		});
		return node.get();
	}

	private int seenPrimary() {
		for (int node = 1; node <= HaClusterFiles.NODES; node++) {
			if (status(this.files.restUrl(node) + "/primary") == 200) {
				return node;
			}
		}
		return 0;
	}

	// what happens to it

	/**
	 * Hand the primary over, as an administrator does.
	 */
	public void switchover() {
		int from = primary();
		post(this.files.restUrl(from) + "/switchover", "{\"leader\": \"node%d\"}".formatted(from));
	}

	/**
	 * Kill Patroni and PostgreSQL of the primary.
	 * @return the node
	 */
	public int killPrimary() {
		int node = primary();
		Command.signal("KILL", family(node));
		return node;
	}

	/**
	 * Stop Patroni and PostgreSQL of the primary: nothing answers.
	 * @return the node
	 */
	public int pausePrimary() {
		int node = primary();
		Command.signal("STOP", family(node));
		return node;
	}

	/**
	 * Return whether {@link #cutOffPrimary()} is possible here.
	 */
	public static boolean canCutOff() {
		return isRoot() && program("nft") != null;
	}

	/**
	 * Drop all packets from and to the primary, which goes on working. Its Patroni, whose
	 * way to etcd would stay open here, is stopped.
	 * @return the node
	 */
	public int cutOffPrimary() {
		int node = primary();
		String configuration = this.files.patroni(node).toString();
		Command.signal("STOP", pids((process) -> isPatroni(process, configuration)));
		this.network.cutOff(address(node));
		return node;
	}

	/**
	 * Don't wait until the lease of a lost primary ends.
	 */
	public void elect() {
		String key = Base64.getEncoder().encodeToString("/service/ha/leader".getBytes(StandardCharsets.UTF_8));
		post(this.files.etcdUrl() + "/v3/kv/deleterange", "{\"key\": \"" + key + "\"}");
	}

	/**
	 * Undo all of that, and wait until the cluster is complete again.
	 * @param fenced whether what was stopped is killed before it continues
	 */
	public void resume(boolean fenced) throws IOException {
		this.network.restore();
		for (int node = 1; node <= HaClusterFiles.NODES; node++) {
			List<Long> family = family(node);
			if (isStopped(family)) {
				// one that went on might take the lease again, with a request from before
				String patroni = this.files.patroni(node).toString();
				Command.signal("KILL", fenced ? family : pids((process) -> isPatroni(process, patroni)));
			}
			Command.signal("CONT", family);
		}
		for (int node = 1; node <= HaClusterFiles.NODES; node++) {
			String configuration = this.files.patroni(node).toString();
			if (all().noneMatch((process) -> isPatroni(process, configuration))) {
				startNode(node);
			}
		}
		awaitComplete();
	}

	private static boolean isPatroni(ProcessHandle process, String configuration) {
		return commandLine(process).endsWith(configuration);
	}

	private void awaitComplete() {
		await("complete cluster", () -> {
			int primary = seenPrimary();
			int standbys = 0;
			boolean synchronous = false;
			for (int node = 1; node <= HaClusterFiles.NODES; node++) {
				standbys += (node != primary && status(this.files.restUrl(node) + "/replica") == 200) ? 1 : 0;
				synchronous |= status(this.files.restUrl(node) + "/sync") == 200;
			}
			return primary != 0 && standbys == HaClusterFiles.NODES - 1 && synchronous && streams(primary);
		});
	}

	private boolean streams(int primary) throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.files.url(primary, "postgres", "postgres"));
				Statement statement = connection.createStatement();
				ResultSet result = statement
					.executeQuery("select count(*) from pg_stat_replication where state = 'streaming'")) {
			return result.next() && result.getInt(1) == HaClusterFiles.NODES - 1;
		}
	}

	/**
	 * Whether somebody is let in within five seconds. PgBouncer may forget a client that
	 * waits for a server, and serve the next one.
	 */
	private static boolean accepts(String url) throws SQLException {
		Properties brief = new Properties();
		brief.setProperty("loginTimeout", "5");
		brief.setProperty("socketTimeout", "5");
		try (Connection connection = DriverManager.getConnection(url, brief)) {
			return connection.isValid(5);
		}
	}

	private static void await(String what, Callable<Boolean> condition) {
		Conditions.await(what, PATIENCE, condition);
	}

	// its processes

	private Stream<ProcessHandle> all() {
		return ProcessHandle.allProcesses().filter((process) -> commandLine(process).contains(this.directory + "/"));
	}

	private static String commandLine(ProcessHandle process) {
		return process.info().commandLine().orElse("");
	}

	/**
	 * Patroni first, so that it does not see the others go.
	 */
	private List<Long> family(int node) {
		String configuration = this.files.patroni(node).toString();
		String data = this.files.data(node).toString();
		List<Long> result = new ArrayList<>();
		all().filter((process) -> isPatroni(process, configuration)).map(ProcessHandle::pid).forEach(result::add);
		all().filter((process) -> commandLine(process).contains(data)).forEach((process) -> {
			result.add(process.pid());
			process.descendants().map(ProcessHandle::pid).forEach(result::add);
		});
		return result.stream().distinct().toList();
	}

	private static boolean isStopped(List<Long> family) throws IOException {
		for (long pid : family) {
			Path status = Path.of("/proc/" + pid + "/status");
			if (Files.exists(status) && Files.readString(status).contains("State:\tT")) {
				return true;
			}
		}
		return false;
	}

	// HTTP

	private static int status(String url) {
		return request(url, null);
	}

	private void post(String url, String body) {
		int status = request(url, body);
		if (status != 200) {
			throw new IllegalStateException("%s answered %d: %s".formatted(url, status, this.files.logs()));
		}
	}

	private static int request(String url, @Nullable String body) {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
			try {
				connection.setConnectTimeout(1000);
				connection.setReadTimeout((body != null) ? 60_000 : 1000);
				if (body != null) {
					connection.setDoOutput(true);
					connection.setRequestProperty("Content-Type", "application/json");
					connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
				}
				return connection.getResponseCode();
			}
			finally {
				connection.disconnect();
			}
		}
		catch (IOException ex) {
			return 0;
		}
	}

	@Override
	public void close() {
		this.network.restore();
		List<Long> family = all().flatMap((process) -> Stream.concat(Stream.of(process), process.descendants()))
			.map(ProcessHandle::pid)
			.distinct()
			.toList();
		Command.signal("CONT", family);
		for (int node = 1; node <= HaClusterFiles.NODES; node++) {
			String configuration = this.files.patroni(node).toString();
			String data = this.files.data(node).toString();
			Command.signal("KILL", pids((process) -> isPatroni(process, configuration)));
			Command.signal("QUIT", pids((process) -> commandLine(process).contains(data)));
		}
		try {
			Conditions.await("end of all servers", Duration.ofSeconds(10),
					() -> pids((process) -> commandLine(process).contains("/data")).isEmpty());
		}
		catch (IllegalStateException ex) {
			// they are killed
		}
		Command.signal("KILL", pids((process) -> process.pid() != this.guard.pid()));
		this.guard.destroyForcibly();
		this.processes.forEach(HaCluster::reap);
		reap(this.guard);
		Directories.deleteInBackground(this.directory);
	}

	private List<Long> pids(Predicate<ProcessHandle> condition) {
		return all().filter(condition).map(ProcessHandle::pid).toList();
	}

	private static void reap(Process process) {
		try {
			process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The ways to a cluster.
	 */
	public enum Topology {

		/**
		 * All hosts in the URL, the present primary first.
		 */
		MULTI_HOST,

		/**
		 * All hosts in the URL, the present primary last.
		 */
		MULTI_HOST_LAST,

		/**
		 * HAProxy, which ends the sessions of a server that is down.
		 */
		HAPROXY,

		/**
		 * HAProxy, which leaves them.
		 */
		HAPROXY_LAZY,

		/**
		 * PgBouncer before HAProxy.
		 */
		PGBOUNCER

	}

}
