package io.github.resilientdb.integration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.proxy.Fault;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Where the rerun is among the other things that a proxy does: inside of {@code @Async}
 * and {@code @Scheduled}, outside of everything else, which runs once per attempt.
 */
@SpringBootTest(classes = { JdbcApplication.class, RerunAspectsIntegrationTests.Aspects.class },
		webEnvironment = WebEnvironment.NONE)
class RerunAspectsIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	@Autowired
	private Scenario scenario;

	@Autowired
	private Service service;

	@Autowired
	private Job job;

	@Autowired
	private CacheManager caches;

	@Autowired
	private Guard guard;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	/**
	 * Reset what tests count, once the job is done: it may be what meets their faults.
	 */
	@BeforeEach
	void reset() {
		await().atMost(Duration.ofSeconds(30)).until(() -> this.job.threads().size() >= 2);
		this.scenario.awaitIdlePool();
		this.guard.checks.set(0);
		this.caches.getCacheNames().forEach((name) -> this.caches.getCache(name).clear());
	}

	@AfterEach
	void nothingIsLeftBehind() {
		SecurityContextHolder.clearContext();
	}

	@Test
	void isInsideOfAsync() {
		CompletableFuture<List<String>> future = this.service.asynchronous();
		assertThat(future).succeedsWithin(30, TimeUnit.SECONDS).satisfies((threads) -> {
			assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread().getName());
			assertThat(threads.get(0)).isEqualTo(threads.get(1));
		});
		assertThat(this.scenario.entries()).containsExactly("asynchronous");
	}

	@Test
	void isInsideOfScheduled() {
		assertThat(this.job.threads()).hasSize(2);
		assertThat(this.job.threads().get(0)).isEqualTo(this.job.threads().get(1));
		assertThat(this.job.isTransactional()).isTrue();
	}

	@Test
	void isOutsideOfTheTransactionAndOfEverythingElse() {
		List<String> advice = new ArrayList<>();
		for (Advisor advisor : ((Advised) this.service).getAdvisors()) {
			advice.add(advisor.getAdvice().getClass().getSimpleName());
		}
		assertThat(advice).containsSubsequence("AnnotationAsyncExecutionInterceptor", "RetryableTransactionInterceptor",
				"CacheInterceptor", "TransactionInterceptor", "MethodValidationInterceptor");
	}

	@Test
	void readsTheCacheOncePerAttemptAndKeepsWhatWasCommitted() {
		assertThat(this.service.cached("statement", true)).isEqualTo(2);
		assertThat(this.service.cached("statement", true)).isEqualTo(2);
		assertThat(this.scenario.runs("cached")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("cached");
	}

	@Test
	void doesNotCacheWhatWasNotCommitted() {
		database.proxy().arm(Fault.DROP_REQUEST);
		assertThat(this.service.cached("commit", false)).isEqualTo(2);
		assertThat(this.scenario.runs("cached")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("cached");
		assertThat(this.caches.getCache("results").get("commit", Integer.class)).isEqualTo(2);
	}

	@Test
	void checksAuthorizationBeforeTheTransactionOncePerAttempt() {
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("user", "", "ROLE_USER"));
		this.service.secured();
		assertThat(this.guard.checks).hasValue(2);
		assertThat(this.guard.withinTransaction).isFalse();
		assertThat(this.scenario.entries()).containsExactly("secured");
	}

	@Test
	void doesNotRerunWhatIsDenied() {
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("user", "", "ROLE_GUEST"));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(this.service::secured);
		assertThat(this.guard.checks).hasValue(1);
		assertThat(this.scenario.runs("secured")).isZero();
	}

	@Test
	void doesNotRerunWhatIsInvalid() {
		assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> this.service.validated(0));
		assertThat(this.scenario.runs("validated")).isZero();
		this.service.validated(1);
		assertThat(this.scenario.runs("validated")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("validated");
	}

	@Validated
	static class Service {

		private final Scenario scenario;

		Service(Scenario scenario) {
			this.scenario = scenario;
		}

		private final List<String> threads = new CopyOnWriteArrayList<>();

		@Async
		@RetryableTransaction
		CompletableFuture<List<String>> asynchronous() {
			this.threads.add(Thread.currentThread().getName());
			this.scenario.enterAndDisconnectFirst("asynchronous");
			return CompletableFuture.completedFuture(this.threads);
		}

		@Cacheable(cacheNames = "results", key = "#key")
		@RetryableTransaction
		int cached(String key, boolean disconnect) {
			int run = this.scenario.enter("cached");
			if (disconnect && run == 1) {
				this.scenario.disconnect();
			}
			return run;
		}

		@PreAuthorize("@guard.test(authentication)")
		@RetryableTransaction
		void secured() {
			this.scenario.enterAndDisconnectFirst("secured");
		}

		@RetryableTransaction
		void validated(@Positive int number) {
			this.scenario.enterAndDisconnectFirst("validated");
		}

	}

	static class Job {

		private final Scenario scenario;

		private final List<String> threads = new CopyOnWriteArrayList<>();

		private volatile boolean transactional;

		Job(Scenario scenario) {
			this.scenario = scenario;
		}

		@Scheduled(initialDelay = 0, fixedDelay = 1, timeUnit = TimeUnit.HOURS)
		@RetryableTransaction
		void run() {
			this.threads.add(Thread.currentThread().getName());
			this.transactional = TransactionSynchronizationManager.isActualTransactionActive();
			if (this.threads.size() == 1) {
				this.scenario.disconnect();
			}
		}

		List<String> threads() {
			return this.threads;
		}

		boolean isTransactional() {
			return this.transactional;
		}

	}

	static class Guard implements Predicate<Authentication> {

		private final AtomicInteger checks = new AtomicInteger();

		private boolean withinTransaction;

		@Override
		public boolean test(Authentication authentication) {
			this.checks.incrementAndGet();
			this.withinTransaction |= TransactionSynchronizationManager.isActualTransactionActive();
			return authentication.getAuthorities().stream().anyMatch((role) -> "ROLE_USER".equals(role.getAuthority()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	@EnableScheduling
	@EnableCaching
	@EnableMethodSecurity
	static class Aspects {

		@Bean
		Service service(Scenario scenario) {
			return new Service(scenario);
		}

		@Bean
		Job job(Scenario scenario) {
			return new Job(scenario);
		}

		@Bean
		CacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		Guard guard() {
			return new Guard();
		}

	}

}
