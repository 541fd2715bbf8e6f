package io.github.resilientdb.test;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
			.formatted(this.probe.sources().get(0).ports().get(0)));
		assertThat(stock.getUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:%d/stock?sslmode=disable"
			.formatted(this.probe.sources().get(1).ports().get(0)));
	}

	@Test
	void anotherDatabaseIsLeftAlone() {
		assertThat(dataSource("h2", "jdbc:h2:mem:x").getUrl()).isEqualTo("jdbc:h2:mem:x");
		assertThat(this.probe.sources()).isEmpty();
	}

	@Test
	void eachOfSeveralHostsGetsItsOwn() {
		FixedDataSource dataSource = dataSource("ha", "jdbc:postgresql://a,b:5433/x?targetServerType=primary");
		assertThat(this.probe.sources()).singleElement().satisfies((source) -> {
			assertThat(source.proxies()).hasSize(2);
			assertThat(dataSource.getUrl())
				.isEqualTo("jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/x?targetServerType=primary&sslmode=disable"
					.formatted(source.ports().get(0), source.ports().get(1)));
		});
	}

	@Test
	void whatIsNoAddressIsLeftAlone() {
		assertThat(dataSource("odd", "jdbc:postgresql://a:x/x?password=secret").getUrl())
			.isEqualTo("jdbc:postgresql://a:x/x?password=secret");
		assertThat(this.probe.reasons())
			.isEqualTo("\nNo proxy before data source 'odd': jdbc:postgresql://a:x/x is no URL of a PostgreSQL server");
	}

	@Test
	void aClassGetsItInItsProperties() {
		ClassNameDataSource dataSource = new ClassNameDataSource("org.postgresql.ds.PGSimpleDataSource");
		dataSource.getDataSourceProperties()
			.putAll(Map.of("serverName", "db", "portNumber", 5433, "databaseName", "a b", "sslMode", "require",
					"socketTimeout", "5"));
		this.proxies.postProcessBeforeInitialization(dataSource, "byClass");
		assertThat(dataSource.getDataSourceProperties()).containsOnly(Map.entry("socketTimeout", "5"),
				Map.entry("url", "jdbc:postgresql://127.0.0.1:%d/a+b?sslmode=disable"
					.formatted(this.probe.sources().get(0).ports().get(0))));
		assertThat(dataSource.getUrl()).as("what a class name makes of no effect").isEqualTo("jdbc:h2:mem:unused");
	}

	@Test
	void severalServersOfAClassGetTheirOwn() {
		ClassNameDataSource dataSource = new ClassNameDataSource("org.postgresql.ds.PGSimpleDataSource");
		dataSource.getDataSourceProperties()
			.putAll(Map.of("serverNames", new String[] { "a", "b" }, "portNumbers", new int[] { 1, 2 }));
		this.proxies.postProcessBeforeInitialization(dataSource, "byClass");
		assertThat(this.probe.sources().get(0).proxies()).extracting(Object::toString)
			.satisfiesExactly((first) -> assertThat(first).contains("host=a, port=1,"),
					(second) -> assertThat(second).contains("host=b, port=2,"));
	}

	@Test
	void aUrlOfAClassIsReplaced() {
		ClassNameDataSource dataSource = new ClassNameDataSource("org.postgresql.ds.PGSimpleDataSource");
		dataSource.getDataSourceProperties().setProperty("URL", "jdbc:postgresql://db/x?a=b");
		this.proxies.postProcessBeforeInitialization(dataSource, "byClass");
		assertThat(dataSource.getDataSourceProperties())
			.containsOnly(Map.entry("url", "jdbc:postgresql://127.0.0.1:%d/x?a=b&sslmode=disable"
				.formatted(this.probe.sources().get(0).ports().get(0))));
	}

	@Test
	void anotherClassIsLeftAloneWithTheLineToWrite() {
		ClassNameDataSource dataSource = new ClassNameDataSource("com.example.DataSource");
		this.proxies.postProcessBeforeInitialization(dataSource, "byClass");
		assertThat(this.probe.reasons()).contains("com.example.DataSource", "spring.datasource.url=jdbc:postgresql://");
	}

	@Test
	void nothingIsBrokenWithoutAProxy() {
		assertThatIllegalStateException().isThrownBy(this.probe::requireSource)
			.withMessageContaining("write @SpringBootTest, or a slice that has one");
		dataSource("h2", "jdbc:h2:mem:x");
		assertThatIllegalStateException().isThrownBy(this.probe::requireSource)
			.withMessageContaining("'h2': jdbc:h2:mem:x is no URL of a PostgreSQL server");
	}

	@Test
	void whatASliceReplacesIsNamed() {
		this.proxies.postProcessBeforeInitialization(new EmbeddedDataSource(), "dataSource");
		assertThat(this.probe.reasons()).contains("replace = Replace.NONE");
	}

	@Test
	void whatIsInsideOfAPoolGetsOneOnce() {
		FixedDataSource inner = dataSource("inner", "jdbc:postgresql://a/x");
		String url = inner.getUrl();
		this.proxies.postProcessBeforeInitialization(new Pool(inner), "pool");
		this.proxies.postProcessBeforeInitialization(new Pool(new FixedDataSource("jdbc:postgresql://b/x")), "other");
		assertThat(inner.getUrl()).isEqualTo(url);
		assertThat(this.probe.sources()).extracting(Source::name).containsExactly("inner", "other");
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
		assertThat(this.probe.reasons()).contains("its pool has started");
	}

	@Test
	void whatPassesCallsOnNeedsNone() {
		this.proxies.postProcessBeforeInitialization(new Wrapper("jdbc:postgresql://a/x"), "wrapper");
		assertThat(this.probe.sources()).isEmpty();
		assertThat(this.probe.reasons()).doesNotContain("wrapper");
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
	 * What stands for Spring's interface.
	 */
	interface EmbeddedDatabase extends DataSource {

	}

	/**
	 * A data source without a URL.
	 */
	static class EmbeddedDataSource extends AbstractDataSource implements EmbeddedDatabase {

	}

	/**
	 * A pool of what another data source connects to.
	 */
	static class Pool extends FixedDataSource {

		private final DataSource dataSource;

		Pool(DataSource dataSource) {
			super("jdbc:postgresql://unused/x");
			this.dataSource = dataSource;
		}

		public DataSource getDataSource() {
			return this.dataSource;
		}

	}

	/**
	 * A data source that makes its connections with a class.
	 */
	static class ClassNameDataSource extends FixedDataSource {

		private final String dataSourceClassName;

		private final Properties dataSourceProperties = new Properties();

		ClassNameDataSource(String dataSourceClassName) {
			super("jdbc:h2:mem:unused");
			this.dataSourceClassName = dataSourceClassName;
		}

		public String getDataSourceClassName() {
			return this.dataSourceClassName;
		}

		public Properties getDataSourceProperties() {
			return this.dataSourceProperties;
		}

		public void setDataSourceProperties(Properties more) {
			this.dataSourceProperties.putAll(more);
		}

	}

	/**
	 * A data source with a URL.
	 */
	static class FixedDataSource extends AbstractDataSource {

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

	}

	/**
	 * A data source that nobody connects to.
	 */
	abstract static class AbstractDataSource implements DataSource {

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
