package io.github.resilientdb.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * What is done about calls that wait long for an answer.
 *
 * @param enabled Whether a call that waits long for an answer is looked into, and ended
 * if none is going to come.
 * @param after How long a call waits for an answer before it is looked into.
 */
@Lazy
@ConfigurationProperties("resilientdb.watchdog")
record WatchdogProperties(@DefaultValue("true") boolean enabled, @DefaultValue("5s") Duration after) {

	// As annotated
	static final WatchdogProperties DEFAULTS = new WatchdogProperties(true, Duration.ofSeconds(5));

}
