package io.github.resilientdb.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * What start-up waits for.
 *
 * @param waitForDatabase How long start-up waits for a database that is not there yet.
 */
@Lazy
@ConfigurationProperties("resilientdb.startup")
record StartupProperties(@DefaultValue("0s") Duration waitForDatabase) {

	// As annotated
	static final StartupProperties DEFAULTS = new StartupProperties(Duration.ZERO);

}
