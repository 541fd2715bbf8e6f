package io.github.resilientdb.retry;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.TransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BudgetScopes}.
 */
class BudgetScopesTests {

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private final BudgetScopes scopes = new BudgetScopes(() -> this.beans);

	private final DataSource dataSource = new JdbcDataSource();

	@Test
	void allManagersOfADataSourceShareOne() {
		JpaTransactionManager jpa = new JpaTransactionManager();
		jpa.setDataSource(this.dataSource);
		assertThat(this.scopes.of(jpa)).isSameAs(this.dataSource);
		assertThat(this.scopes.of(new JdbcTransactionManager(this.dataSource))).isSameAs(this.dataSource);
		assertThat(this.scopes.of(new DataSourceTransactionManager(new LazyConnectionDataSourceProxy(this.dataSource))))
			.isSameAs(this.dataSource);
		assertThat(this.scopes.of(new JdbcTransactionManager(new JdbcDataSource()))).isNotSameAs(this.dataSource);
	}

	@Test
	void findsTheManagerHoweverItIsNamed() {
		register("first", this.dataSource).setPrimary(true);
		register("second", this.dataSource);
		register("third", new JdbcDataSource());
		assertThat(this.scopes.of("")).isSameAs(this.dataSource);
		assertThat(this.scopes.of("first")).isSameAs(this.dataSource);
		assertThat(this.scopes.of("second")).isSameAs(this.dataSource);
		assertThat(this.scopes.of("third")).isNotSameAs(this.dataSource);
	}

	@Test
	void leavesItToSpringToMissAManager() {
		assertThat(this.scopes.of("missing")).isEqualTo("missing");
	}

	private BeanDefinition register(String name, DataSource dataSource) {
		RootBeanDefinition definition = new RootBeanDefinition(TransactionManager.class,
				() -> new JdbcTransactionManager(dataSource));
		this.beans.registerBeanDefinition(name, definition);
		return definition;
	}

}
