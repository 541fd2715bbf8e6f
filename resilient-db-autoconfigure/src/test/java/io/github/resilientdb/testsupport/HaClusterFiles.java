package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.resilientdb.testsupport.HaCluster.Topology;

/**
 * Where everything of a {@link HaCluster} is, and how it is configured.
 */
final class HaClusterFiles {

	static final int NODES = 3;

	private static final int LOG_LINES = 8;

	private final Path directory;

	private final Path postgres;

	private final int postgresPort = Ports.free();

	private final int restPort = Ports.free();

	private final int etcdPort = Ports.free();

	private final int peerPort = Ports.free();

	private final int proxyPort = Ports.free();

	private final int lazyPort = Ports.free();

	private final int bouncerPort = Ports.free();

	HaClusterFiles(Path directory, Path postgres) {
		this.directory = directory;
		this.postgres = postgres;
	}

	String address(int node) {
		return "127.0.0." + (20 + node);
	}

	String restUrl(int node) {
		return "http://%s:%d".formatted(address(node), this.restPort);
	}

	String etcdUrl() {
		return "http://127.0.0.1:" + this.etcdPort;
	}

	Path patroni(int node) {
		return this.directory.resolve("node%d.yml".formatted(node));
	}

	Path data(int node) {
		return this.directory.resolve("node%d/data".formatted(node));
	}

	Path haproxy() {
		return this.directory.resolve("haproxy.cfg");
	}

	Path pgbouncer() {
		return this.directory.resolve("pgbouncer.ini");
	}

	String url(int node, String database, String user) {
		return "jdbc:postgresql://%s:%d/%s?user=%s".formatted(address(node), this.postgresPort, database, user);
	}

	/**
	 * Return the URL of a way to the cluster.
	 * @param topology which way
	 * @param primary the node that is the primary now
	 */
	String url(Topology topology, int primary) {
		return switch (topology) {
			case MULTI_HOST -> urlOfAll((node) -> node != primary);
			case MULTI_HOST_LAST -> urlOfAll((node) -> node == primary);
			case HAPROXY -> "jdbc:postgresql://127.0.0.1:%d/app?user=app".formatted(this.proxyPort);
			case HAPROXY_LAZY -> "jdbc:postgresql://127.0.0.1:%d/app?user=app".formatted(this.lazyPort);
			case PGBOUNCER ->
				"jdbc:postgresql://127.0.0.1:%d/app?user=app&prepareThreshold=0".formatted(this.bouncerPort);
		};
	}

	private String urlOfAll(Function<Integer, Boolean> order) {
		String hosts = IntStream.rangeClosed(1, NODES)
			.boxed()
			.sorted(Comparator.comparing(order))
			.map((node) -> address(node) + ":" + this.postgresPort)
			.collect(Collectors.joining(","));
		return "jdbc:postgresql://%s/app?user=app&targetServerType=primary".formatted(hosts);
	}

	List<String> etcdOptions() {
		String peer = "http://127.0.0.1:" + this.peerPort;
		return List.of("--name=etcd", "--data-dir=" + this.directory.resolve("etcd"),
				"--listen-client-urls=" + etcdUrl(), "--advertise-client-urls=" + etcdUrl(),
				"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=etcd=" + peer,
				"--heartbeat-interval=200", "--election-timeout=2000");
	}

	void write() throws IOException {
		for (int node = 1; node <= NODES; node++) {
			Files.createDirectories(this.directory.resolve("node" + node));
			Files.writeString(patroni(node), patroniConfiguration(node));
		}
		Files.writeString(haproxy(), haproxyConfiguration());
		Files.writeString(pgbouncer(), pgbouncerConfiguration());
		Path script = this.directory.resolve("bootstrap");
		Files.writeString(script, """
				#!/bin/sh
				exec psql -Xq "$1" -c 'CREATE ROLE app LOGIN' -c 'CREATE DATABASE app OWNER app'
				""");
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private String patroniConfiguration(int node) {
		return """
				scope: ha
				name: node%1$d
				restapi: {listen: '%2$s:%3$d', connect_address: '%2$s:%3$d'}
				etcd3: {hosts: ['127.0.0.1:%4$d'], use_proxies: true}
				bootstrap:
				  dcs:
				    ttl: 30
				    loop_wait: 2
				    retry_timeout: 14
				    maximum_lag_on_failover: 16777216
				    synchronous_mode: true
				    synchronous_mode_strict: true
				    postgresql:
				      use_pg_rewind: true
				      use_slots: true
				      parameters: {max_connections: 200, wal_keep_size: 128MB}
				  initdb: [{encoding: UTF8}, {locale: C.UTF-8}, data-checksums]
				  post_bootstrap: %5$s/bootstrap
				postgresql:
				  listen: %2$s:%6$d
				  connect_address: %2$s:%6$d
				  data_dir: %7$s
				  bin_dir: %8$s
				  pgpass: %5$s/node%1$d/pgpass
				  use_unix_socket: true
				  authentication:
				    superuser: {username: postgres}
				    replication: {username: replicator}
				    rewind: {username: postgres}
				  pg_hba: ['local all all trust', 'host all all 127.0.0.0/8 trust', 'host replication all 127.0.0.0/8 trust']
				  basebackup: [{checkpoint: fast}]
				  parameters:
				    unix_socket_directories: %5$s/node%1$d
				    shared_buffers: 64MB
				    fsync: 'off'
				"""
			.formatted(node, address(node), this.restPort, this.etcdPort, this.directory, this.postgresPort, data(node),
					this.postgres);
	}

	// as Patroni's documentation has it; a second listener without its last option
	private String haproxyConfiguration() {
		return """
				global
					maxconn 1000
				defaults
					mode tcp
					retries 0
					timeout connect 3s
					timeout client 30m
					timeout server 30m
					timeout check 2s
					option httpchk OPTIONS /primary
					http-check expect status 200
				""" + listener("primary", this.proxyPort, "on-marked-down shutdown-sessions")
				+ listener("lazy", this.lazyPort, "");
	}

	private String listener(String name, int port, String options) {
		String servers = IntStream.rangeClosed(1, NODES)
			.mapToObj((node) -> "\tserver node%d %s:%d maxconn 200 check port %d\n".formatted(node, address(node),
					this.postgresPort, this.restPort))
			.collect(Collectors.joining());
		return "listen %s\n\tbind 127.0.0.1:%d\n\tdefault-server inter 3s fall 3 rise 2 %s\n%s".formatted(name, port,
				options, servers);
	}

	private String pgbouncerConfiguration() {
		return """
				[databases]
				app = host=127.0.0.1 port=%d user=app
				[pgbouncer]
				listen_addr = 127.0.0.1
				listen_port = %d
				unix_socket_dir =
				auth_type = any
				pool_mode = transaction
				max_client_conn = 500
				default_pool_size = 20
				server_login_retry = 1
				ignore_startup_parameters = extra_float_digits
				""".formatted(this.proxyPort, this.bouncerPort);
	}

	/**
	 * Return the ends of all logs.
	 */
	String logs() {
		try (Stream<Path> logs = Files.list(this.directory)) {
			return logs.filter((file) -> file.toString().endsWith(".log"))
				.map(HaClusterFiles::end)
				.collect(Collectors.joining("\n"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String end(Path log) {
		try {
			List<String> lines = Files.readAllLines(log);
			return log.getFileName() + ":\n"
					+ String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
		}
		catch (IOException ex) {
			return log + ": " + ex;
		}
	}

}
