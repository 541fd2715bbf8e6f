package io.github.resilientdb.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * What is done while a database is away.
 *
 * @param enabled Whether a database that is away is waited for, instead of leaving that
 * to HikariCP and the driver.
 */
@Lazy
@ConfigurationProperties("resilientdb.failover")
record FailoverProperties(@DefaultValue("true") boolean enabled) {

	// As annotated
	static final FailoverProperties DEFAULTS = new FailoverProperties(true);

}
