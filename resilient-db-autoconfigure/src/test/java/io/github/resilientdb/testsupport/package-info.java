/**
 * PostgreSQL servers that can be broken, and a proxy that breaks the network at an exact
 * place.
 * <h2>A server</h2> Test classes share one server and take a database or schema of their
 * own from it: <pre class="code">
 * class TransferIntegrationTests {
 *
 *     private static final PostgresServer server = PostgresServer.shared();
 *
 *     private static final String database = server.createDatabase();
 *
 *     &#064;DynamicPropertySource
 *     static void dataSource(DynamicPropertyRegistry properties) {
 *         properties.add("spring.datasource.url", () -&gt; server.jdbcUrl(database));
 *         properties.add("spring.datasource.username", server::username);
 *         properties.add("spring.datasource.password", server::password);
 *     }
 *
 *     &#064;Test
 *     void survivesARestart() {
 *         server.assumeSupports(Capability.RESTART);
 *         // begin something on another thread
 *         server.restart(Mode.IMMEDIATE);
 *         // and see it succeed
 *     }
 *
 * }
 * </pre> The system property {@code resilientdb.test.server} says which server that is:
 * <ul>
 * <li>{@code embedded}, the default: the binaries on the classpath, as root or not;
 * <li>{@code testcontainers}: the image {@code resilientdb.test.image}, by default
 * {@code postgres:15};
 * <li>{@code external}: {@code resilientdb.test.url}, {@code .username} and
 * {@code .password}. It can neither be stopped nor crashed nor paused; tests say what
 * they need by {@link io.github.resilientdb.testsupport.PostgresServer#assumeSupports}
 * and are skipped.
 * </ul>
 * A test that needs settings, a version, TLS or a standby of its own makes a private
 * server with {@link io.github.resilientdb.testsupport.PostgresServer#embedded()} and
 * closes it.
 * <h2>A broken network</h2> {@link io.github.resilientdb.testsupport.FaultProxy} stands
 * in front of a server. A fault is armed for one statement, by default the next COMMIT,
 * and the test asserts that it fired: <pre class="code">
 * try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
 *     // connect to proxy.jdbcUrl(database)
 *     ArmedFault fault = proxy.arm(Fault.DROP_RESPONSE);
 *     // commit
 *     fault.await(Duration.ofSeconds(10));
 * }
 * </pre> What cost messages or round trips is told by {@code traffic()}. It is the proxy
 * of the test kit, which knows the protocol.
 */
@NullMarked
package io.github.resilientdb.testsupport;

import org.jspecify.annotations.NullMarked;
