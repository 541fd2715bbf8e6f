package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.RetryableTransactionTemplate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionOperations;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the transactions of Spring
 * Session JDBC, which looks for a bean of this name. They are rerun, and otherwise what
 * Spring Session makes them.
 */
@AutoConfiguration(after = ResilientDbRetryAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.session.jdbc.JdbcIndexedSessionRepository")
@ConditionalOnResilientDb
@ConditionalOnBean(RetryableTransactionTemplate.class)
public final class ResilientDbSessionAutoConfiguration {

	static final String OPERATIONS = "springSessionTransactionOperations";

	@Bean(name = OPERATIONS, defaultCandidate = false)
	@ConditionalOnMissingBean(name = OPERATIONS)
	TransactionOperations resilientDbSessionTransactionOperations(RetryableTransactionTemplate template) {
		RetryableTransactionTemplate own = template.with((copy) -> {
			copy.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			copy.setName(OPERATIONS);
		});
		return own::execute;
	}

}
