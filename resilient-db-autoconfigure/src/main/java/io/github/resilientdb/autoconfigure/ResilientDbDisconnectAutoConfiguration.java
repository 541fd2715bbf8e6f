package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.DisconnectClassifier;
import io.github.resilientdb.disconnect.FailureClassifier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what tells the meaning of failures.
 */
@AutoConfiguration
@ConditionalOnResilientDb
public final class ResilientDbDisconnectAutoConfiguration {

	@Bean
	FailureClassifier resilientDbFailureClassifier(ObjectProvider<DisconnectClassifier> classifiers) {
		return new FailureClassifier(() -> classifiers.orderedStream().toList());
	}

}
