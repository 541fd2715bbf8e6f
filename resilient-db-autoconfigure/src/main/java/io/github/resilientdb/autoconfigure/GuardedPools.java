package io.github.resilientdb.autoconfigure;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.ConnectionPools;
import io.github.resilientdb.autoconfigure.database.DatabaseAddress;
import io.github.resilientdb.autoconfigure.database.UnavailableDatabase;
import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.pool.HikariTakeover;
import io.github.resilientdb.pool.HikariTakeover.FailedConnect;
import io.github.resilientdb.pool.settings.PoolSettings;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The pools that were taken over so far.
 */
final class GuardedPools implements ConnectionPools {

	static final String BEAN_NAME = "resilientDbConnectionPools";

	private final Map<String, GuardedPool> pools = Collections.synchronizedMap(new LinkedHashMap<>());

	private volatile Consumer<CommitChoice> choices = (choice) -> {
	};

	/**
	 * Remember the pools where they are found when start-up has failed: by then the beans
	 * are gone, and their definitions are not.
	 */
	void rememberBy(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.containsBeanDefinition(BEAN_NAME)) {
			beanFactory.getBeanDefinition(BEAN_NAME).setAttribute(BEAN_NAME, this);
		}
	}

	static Optional<GuardedPools> rememberedBy(ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.containsBeanDefinition(BEAN_NAME)
				? Optional.ofNullable((GuardedPools) beanFactory.getBeanDefinition(BEAN_NAME).getAttribute(BEAN_NAME))
				: Optional.empty();
	}

	/**
	 * Be told of each choice of how commits are verified, on whatever thread makes it.
	 */
	void onChoice(Consumer<CommitChoice> choices) {
		this.choices = choices;
	}

	void chosen(CommitChoice choice) {
		this.choices.accept(choice);
	}

	void add(GuardedPool pool) {
		this.pools.put(pool.beanName(), pool);
	}

	Collection<GuardedPool> all() {
		synchronized (this.pools) {
			return List.copyOf(this.pools.values());
		}
	}

	@Override
	public Map<String, ConnectionPool> getPools() {
		return all().stream().collect(Collectors.toUnmodifiableMap(GuardedPool::beanName, GuardedPool::operations));
	}

	/**
	 * A pool that was taken over.
	 *
	 * @param beanName the name of the DataSource bean
	 * @param dataSource the pool
	 * @param settings its settings
	 * @param commitSettings how its transactions are to be committed
	 * @param commits commits them
	 */
	record GuardedPool(String beanName, HikariDataSource dataSource, PoolSettings settings,
			CommitSettings commitSettings, CommitProtocol commits) {

		/**
		 * Return why no connection can be had.
		 * @return what to say of it, empty if the last attempt succeeded, or there was
		 * none
		 */
		Optional<UnavailableDatabase> unavailable() {
			return HikariTakeover.failedConnect(this.dataSource).map(this::unavailable);
		}

		UnavailableDatabase unavailable(FailedConnect failed) {
			return UnavailableDatabase.of(this.beanName, address(), failed);
		}

		DatabaseAddress address() {
			return DatabaseAddress.of(this.dataSource.getJdbcUrl(), this.dataSource.getUsername());
		}

		ConnectionPool operations() {
			return (ConnectionPool) this.dataSource;
		}

	}

}
