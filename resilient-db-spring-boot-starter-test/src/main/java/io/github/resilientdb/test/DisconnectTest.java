package io.github.resilientdb.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/**
 * Puts a proxy that follows the protocol before each PostgreSQL data source of the
 * application, so that a test can break its connections. Stands beside
 * {@code @SpringBootTest} or a slice, and gives test methods two parameters:
 * {@link DisconnectScenario}, for all faults at all round trips of a method, and
 * {@link Disconnects}, for one.
 * <p>
 * Between application and proxy there is no TLS: {@code sslmode} is set to
 * {@code disable} there, and where the application asked for TLS, the proxy speaks it
 * with the server. Back-off and {@code resilientdb.watchdog.after} are set low, so that
 * many faults take little time. Both are logged. While a test runs, Hibernate does not
 * log each {@code SQLException}, unless {@code org.hibernate.orm.jdbc.error} has a level.
 * Where JUnit runs tests in parallel, these run one after the other, since a fault is for
 * whoever asks the database next.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(DisconnectExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
@ResourceLock("io.github.resilientdb.test.DisconnectTest")
@Import(DisconnectTestConfiguration.class)
@TestPropertySource(properties = { "resilientdb.retry.backoff.initial=1ms", "resilientdb.retry.backoff.max=20ms",
		"resilientdb.watchdog.after=100ms", "resilientdb.retry.budget.burst=1000000" })
public @interface DisconnectTest {

}
