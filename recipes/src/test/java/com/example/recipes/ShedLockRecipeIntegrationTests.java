package com.example.recipes;

import java.time.Duration;
import java.time.Instant;

import io.github.resilientdb.RetryableTransactionTemplate;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Locks of ShedLock.
 */
@SpringBootTest(classes = ShedLockRecipeIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class ShedLockRecipeIntegrationTests {

	@Autowired
	private LockProvider locks;

	private int number;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties,
				"create table shedlock (name varchar(64) primary key, lock_until timestamp not null,"
						+ " locked_at timestamp not null, locked_by varchar(255) not null)");
	}

	@Test
	void areTakenAlthoughTheCommitIsLost() throws Exception {
		RecipeDatabase.whileCommitsAreLost(() -> {
			LockConfiguration lock = new LockConfiguration(Instant.now(), "job-" + this.number++, Duration.ofMinutes(5),
					Duration.ZERO);
			assertThat(this.locks.lock(lock)).isPresent();
			assertThat(this.locks.lock(lock)).isEmpty();
		});
	}

	/**
	 * Of losses alone: an error that a rerun would mend is another's lock to ShedLock,
	 * and none is to be expected of its statements.
	 */
	@Test
	void areTakenOnceInAStorm() throws Exception {
		RecipeDatabase.inAStormOfLosses(() -> {
			for (int i = 0; i < 30; i++) {
				LockConfiguration lock = new LockConfiguration(Instant.now(), "storm-" + i, Duration.ofMinutes(5),
						Duration.ZERO);
				assertThat(this.locks.lock(lock)).isPresent();
				assertThat(this.locks.lock(lock)).isEmpty();
			}
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		LockProvider lockProvider(JdbcTemplate jdbc, PlatformTransactionManager transactionManager,
				RetryableTransactionTemplate template) {
			LockProvider provider = new JdbcTemplateLockProvider(jdbc, transactionManager);
			return (lock) -> template.execute((status) -> provider.lock(lock));
		}

	}

}
