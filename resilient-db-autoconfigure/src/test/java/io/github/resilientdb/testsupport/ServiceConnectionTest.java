package io.github.resilientdb.testsupport;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.junit.jupiter.Testcontainers;

/**
 * A test class with a container of its own, which tells Spring Boot the address of the
 * database. It runs if the server is to be one of Testcontainers.
 *
 * @see ContainerPostgresServer#plainContainer()
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Testcontainers
@KnownLeak(kind = Leak.Kind.DESCRIPTOR, what = "of the domain unix",
		reason = "the Docker client of Testcontainers keeps a connection to the engine")
@KnownLeak(kind = Leak.Kind.DESCRIPTOR, what = "not connected",
		reason = "the same connection is a java.net.Socket, too, which is never connected")
@EnabledIfSystemProperty(named = "resilientdb.test.server", matches = "testcontainers",
		disabledReason = "The server is not to be one of Testcontainers")
public @interface ServiceConnectionTest {

}
