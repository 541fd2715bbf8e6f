package io.github.resilientdb.test;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.logging.Logger;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which data sources get a proxy.
 */
class ProxiedDataSourcesTests {

	private final DisconnectProbe probe = new DisconnectProbe();

	private final ProxiedDataSources proxies = new ProxiedDataSources(this.probe);

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void eachOfSeveralGetsItsOwn() {
		FixedDataSource orders = dataSource("orders", "jdbc:postgresql://db1:5433/orders?sslmode=require");
		FixedDataSource stock = dataSource("stock", "jdbc:postgresql://db2/stock");
		assertThat(this.probe.sources()).extracting(Source::name).containsExactly("orders", "stock");
		assertThat(orders.getUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:%d/orders?sslmode=disable"
			.formatted(this.probe.sources().get(0).proxy().port()));
		assertThat(stock.getUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:%d/stock?sslmode=disable"
			.formatted(this.probe.sources().get(1).proxy().port()));
	}

	@Test
	void anotherDatabaseIsLeftAlone() {
		assertThat(dataSource("h2", "jdbc:h2:mem:x").getUrl()).isEqualTo("jdbc:h2:mem:x");
		assertThat(this.probe.sources()).isEmpty();
	}

	@Test
	void severalHostsAreLeftAlone() {
		assertThat(dataSource("ha", "jdbc:postgresql://a,b/x?password=secret").getUrl())
			.isEqualTo("jdbc:postgresql://a,b/x?password=secret");
		assertThat(this.probe.sources()).isEmpty();
		assertThat(this.probe.leftAlone())
			.containsExactly(Map.entry("ha", "jdbc:postgresql://a,b/x is no URL of one PostgreSQL server"));
	}

	@Test
	void aPoolThatHasStartedIsLeftAlone() {
		FixedDataSource started = new FixedDataSource("jdbc:postgresql://a/x") {

			@Override
			public void setUrl(String url) {
				throw new IllegalStateException("sealed");
			}

		};
		this.proxies.postProcessBeforeInitialization(started, "started");
		assertThat(this.probe.sources()).isEmpty();
		assertThat(this.probe.leftAlone().get("started")).contains("its pool has started");
	}

	@Test
	void whatPassesCallsOnNeedsNone() {
		this.proxies.postProcessBeforeInitialization(new Wrapper("jdbc:postgresql://a/x"), "wrapper");
		assertThat(this.probe.sources()).isEmpty();
		assertThat(this.probe.leftAlone()).isEmpty();
	}

	@Test
	void otherBeansAreLeftAlone() {
		assertThat(this.proxies.postProcessBeforeInitialization("bean", "bean")).isEqualTo("bean");
	}

	private FixedDataSource dataSource(String name, String url) {
		FixedDataSource dataSource = new FixedDataSource(url);
		assertThat(this.proxies.postProcessBeforeInitialization(dataSource, name)).isSameAs(dataSource);
		return dataSource;
	}

	/**
	 * A data source that passes calls on.
	 */
	static class Wrapper extends FixedDataSource {

		Wrapper(String url) {
			super(url);
		}

		public DataSource getTargetDataSource() {
			return this;
		}

	}

	/**
	 * A data source with a URL.
	 */
	static class FixedDataSource implements DataSource {

		private String url;

		FixedDataSource(String url) {
			this.url = url;
		}

		public String getUrl() {
			return this.url;
		}

		public void setUrl(String url) {
			this.url = url;
		}

		@Override
		public Connection getConnection() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Connection getConnection(String username, String password) {
			throw new UnsupportedOperationException();
		}

		@Override
		public @Nullable PrintWriter getLogWriter() {
			return null;
		}

		@Override
		public void setLogWriter(PrintWriter out) {
		}

		@Override
		public void setLoginTimeout(int seconds) {
		}

		@Override
		public int getLoginTimeout() {
			return 0;
		}

		@Override
		public Logger getParentLogger() throws SQLFeatureNotSupportedException {
			throw new SQLFeatureNotSupportedException();
		}

		@Override
		public <T> T unwrap(Class<T> type) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isWrapperFor(Class<?> type) {
			return false;
		}

	}

}
