package io.github.resilientdb.autoconfigure.database;

import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UnguardedDataSourcesTests {

	private final HikariDataSource pool = new HikariDataSource();

	@Test
	void namesThePoolInsideAWrapper(CapturedOutput output) {
		this.pool.setPoolName("inner");
		UnguardedDataSources.inside("lazy", new LazyConnectionDataSourceProxy(this.pool), (candidate) -> false);
		UnguardedDataSources.inside("aware",
				new DelegatingDataSource(new TransactionAwareDataSourceProxy(new DelegatingDataSource(this.pool))),
				(candidate) -> false);
		assertThat(output)
			.contains("DataSource 'lazy' is not guarded: it leads to a pool that is no bean (inner); declare that "
					+ "HikariDataSource as a bean of its own")
			.contains("DataSource 'aware' is not guarded");
	}

	@Test
	void namesThePoolsBehindARouter(CapturedOutput output) {
		this.pool.setJdbcUrl("jdbc:h2:mem:one;PASSWORD=secret");
		AbstractRoutingDataSource router = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return "one";
			}

		};
		router.setTargetDataSources(Map.of("one", this.pool));
		router.afterPropertiesSet();
		UnguardedDataSources.inside("router", router, (candidate) -> false);
		assertThat(output).contains("DataSource 'router' is not guarded")
			.contains("(jdbc:h2:mem:one)")
			.doesNotContain("secret");
	}

	@Test
	void saysNothingTwice(CapturedOutput output) {
		DataSource wrapper = new DelegatingDataSource(this.pool);
		UnguardedDataSources.inside("wrapper", wrapper, (candidate) -> candidate == this.pool);
		UnguardedDataSources.inside("empty", new LazyConnectionDataSourceProxy(), (candidate) -> false);
		assertThat(output).doesNotContain("is not guarded");
	}

}
