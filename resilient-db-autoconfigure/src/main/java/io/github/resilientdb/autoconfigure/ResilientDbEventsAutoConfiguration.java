package io.github.resilientdb.autoconfigure;

import java.time.Clock;

import io.github.resilientdb.observe.ApplicationEvents;
import io.github.resilientdb.observe.ExhaustedCallLog;
import io.github.resilientdb.observe.OutageLog;
import io.github.resilientdb.observe.PoolJournal;
import io.github.resilientdb.observe.UnknownOutcomeLog;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of what tells operators what happens
 * without any further library: events and log lines.
 */
@AutoConfiguration
@ConditionalOnResilientDb
public final class ResilientDbEventsAutoConfiguration {

	@Bean
	ApplicationEvents resilientDbApplicationEvents(ApplicationEventPublisher publisher) {
		return new ApplicationEvents(publisher, Clock.systemUTC());
	}

	@Bean
	PoolJournal resilientDbPoolJournal() {
		return new PoolJournal(Clock.systemUTC());
	}

	@Bean
	OutageLog resilientDbOutageLog() {
		return new OutageLog();
	}

	@Bean
	ExhaustedCallLog resilientDbExhaustedCallLog() {
		return new ExhaustedCallLog();
	}

	@Bean
	UnknownOutcomeLog resilientDbUnknownOutcomeLog() {
		return new UnknownOutcomeLog();
	}

}
