package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.jpa.BatchTypes;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the repository of Spring Batch,
 * whose calls are rerun.
 */
@AutoConfiguration
@ConditionalOnClass(name = BatchTypes.ENTITY)
@ConditionalOnResilientDb
public final class ResilientDbBatchAutoConfiguration {

	@Bean
	BatchTypes resilientDbBatchTypes() {
		return new BatchTypes();
	}

}
