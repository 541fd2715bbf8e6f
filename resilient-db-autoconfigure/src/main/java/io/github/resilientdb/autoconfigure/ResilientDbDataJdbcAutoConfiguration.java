package io.github.resilientdb.autoconfigure;

import java.util.List;

import io.github.resilientdb.jpa.AggregateTypes;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.data.mapping.context.MappingContext;
import org.springframework.util.ClassUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the aggregates of Spring Data
 * JDBC in reruns.
 */
@AutoConfiguration
@ConditionalOnClass(value = MappingContext.class, name = ResilientDbDataJdbcAutoConfiguration.CONTEXT)
@ConditionalOnResilientDb
public final class ResilientDbDataJdbcAutoConfiguration {

	static final String CONTEXT = "org.springframework.data.relational.core.mapping.RelationalMappingContext";

	@Bean
	AggregateTypes resilientDbAggregateTypes(ListableBeanFactory beans) {
		return new AggregateTypes(() -> contexts(beans));
	}

	private static List<? extends MappingContext<?, ?>> contexts(ListableBeanFactory beans) {
		Class<?> type = ClassUtils.resolveClassName(CONTEXT, MappingContext.class.getClassLoader());
		return beans.getBeansOfType(type).values().stream().map((bean) -> (MappingContext<?, ?>) bean).toList();
	}

}
