package io.github.resilientdb.autoconfigure;

import javax.sql.DataSource;

import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.retry.ReconnectingJdbcTemplate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Auto-configuration of a client that reads without a transaction of the caller's, and
 * whose queries are rerun.
 */
@AutoConfiguration(after = ResilientDbRetryAutoConfiguration.class,
		afterName = "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration")
@ConditionalOnClass(JdbcClient.class)
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnBean(RetryableTransactionTemplate.class)
@ConditionalOnResilientDb
public final class ResilientDbJdbcClientAutoConfiguration {

	@Bean(defaultCandidate = false)
	@Qualifier("reconnecting")
	JdbcClient resilientDbReconnectingJdbcClient(DataSource dataSource, RetryableTransactionTemplate transactions,
			ObjectProvider<JdbcTemplate> configured) {
		JdbcTemplate template = new ReconnectingJdbcTemplate(dataSource, transactions);
		configured.ifUnique((other) -> {
			template.setFetchSize(other.getFetchSize());
			template.setMaxRows(other.getMaxRows());
			template.setQueryTimeout(other.getQueryTimeout());
		});
		return JdbcClient.create(template);
	}

}
