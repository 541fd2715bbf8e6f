package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.jpa.EntityTypes;
import io.github.resilientdb.jpa.PersistenceAttemptListener;
import io.github.resilientdb.jpa.PersistenceTransactionManagerPostProcessor;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionImplementor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.orm.jpa.EntityManagerHolder;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for clean persistence contexts in
 * reruns, where Hibernate is the JPA provider.
 */
@AutoConfiguration
@ConditionalOnClass({ EntityManagerFactory.class, EntityManagerHolder.class, SessionImplementor.class })
@ConditionalOnResilientDb
public final class ResilientDbJpaAutoConfiguration {

	@Bean
	PersistenceAttemptListener resilientDbPersistenceAttemptListener() {
		return new PersistenceAttemptListener();
	}

	@Bean
	EntityTypes resilientDbEntityTypes(ObjectProvider<EntityManagerFactory> factories) {
		return new EntityTypes(() -> factories.stream(ObjectProvider.UNFILTERED).toList());
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static PersistenceTransactionManagerPostProcessor resilientDbPersistenceTransactionManagerPostProcessor() {
		return new PersistenceTransactionManagerPostProcessor();
	}

}
