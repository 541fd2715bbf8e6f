package io.github.resilientdb.autoconfigure;

import java.io.InputStream;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.retry.RetryingExecutor;
import io.github.resilientdb.retry.TransactionManagerPostProcessor;
import io.github.resilientdb.retry.method.InvalidRetryableMethodException;
import kotlin.sequences.Sequence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResilientDbRetryAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ResilientDbRetryAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class, DataSourceAutoConfiguration.class,
						DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
						ResilientDbDisconnectAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	@Test
	void backsOffWhenDisabled() {
		this.runner.withPropertyValues("resilientdb.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RetryingExecutor.class)
				.doesNotHaveBean(RetryableTransactionTemplate.class)
				.doesNotHaveBean(TransactionManagerPostProcessor.class)
				.doesNotHaveBean(PropertiesRetrySettings.class));
	}

	@Test
	void hasNoTemplateIfThereAreSeveralTransactionManagers() {
		DriverManagerDataSource dataSource = new DriverManagerDataSource("jdbc:h2:mem:test");
		this.runner.withBean("first", JdbcTransactionManager.class, () -> new JdbcTransactionManager(dataSource))
			.withBean("second", JdbcTransactionManager.class, () -> new JdbcTransactionManager(dataSource))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RetryableTransactionTemplate.class));
	}

	@Test
	void listensToEachTransactionManagerOnce() {
		this.runner.run((
				context) -> assertThat(context.getBean(JdbcTransactionManager.class).getTransactionExecutionListeners())
					.extracting((listener) -> listener.getClass().getSimpleName())
					.containsExactly("TransactionPhaseListener", "AfterCommitConnections", "UncommittedWork"));
	}

	@ParameterizedTest
	@CsvSource({ "max-attempts, 0", "max-attempts, -1", "deadline, 0s", "deadline, -1s", "backoff.initial, 0s",
			"backoff.multiplier, 0.5", "backoff.multiplier, NaN", "backoff.max, 1ms", "budget.ratio, -0.1",
			"budget.burst, -1" })
	void refusesAnInvalidValue(String name, String value) {
		this.runner.withPropertyValues("resilientdb.retry." + name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("resilientdb.retry." + name);
					assertThat(ex.getReason()).isNotEmpty();
				}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "resilientdb.retry.reasons=",
			"resilientdb.retry.reasons=disconnect, serialization-failure, deadlock",
			"resilientdb.retry.deadline=1000000d", "resilientdb.retry.budget.burst=0" })
	void acceptsAValidValue(String property) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesAnUnparsableDeadline() {
		refuses(UnparsableDeadline.class, "UnparsableDeadline.work", "deadline (\"soon\") is not a duration");
	}

	@Test
	void refusesADeadlineThatIsNotPositive() {
		refuses(ZeroDeadline.class, "ZeroDeadline.work", "deadline (\"0s\") must be positive");
	}

	@Test
	void resolvesThePlaceholdersOfADeadline() {
		this.runner.withBean(PlaceholderDeadline.class)
			.withPropertyValues("app.deadline=3s")
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner.withBean(PlaceholderDeadline.class)
			.withPropertyValues("app.deadline=-3s")
			.run((context) -> assertAnalysis(context.getStartupFailure(),
					(analysis) -> assertThat(analysis.getDescription())
						.contains("deadline (\"-3s\" from \"${app.deadline}\") must be positive")));
		refuses(PlaceholderDeadline.class, "PlaceholderDeadline.work", "can't be resolved");
	}

	@Test
	void refusesANegativeNumberOfAttempts() {
		refuses(NegativeAttempts.class, "NegativeAttempts.work", "maxAttempts (-1) must be positive");
	}

	@Test
	void refusesAFinalMethod() {
		refuses(FinalMethod.class, "FinalMethod.work", "the method is final");
	}

	@Test
	void warnsOfAFinalMethodOfAnAnnotatedClass(CapturedOutput output) {
		this.runner.withBean(FinalMethodOfAnnotatedClass.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("FinalMethodOfAnnotatedClass.work has no transaction: it is final");
			assertThat(output).doesNotContain("FinalMethodOfAnnotatedClass.other has no");
		});
	}

	@Test
	void refusesAPrivateMethod() {
		refuses(PrivateMethod.class, "PrivateMethod.work", "the method is private", "Make it public");
	}

	@Test
	void refusesAStaticMethod() {
		refuses(StaticMethod.class, "StaticMethod.work", "the method is static", "Remove static");
	}

	@Test
	void refusesReturnTypesThatOutliveTheTransaction() {
		refuses(ReturnsFuture.class, "ReturnsFuture.work", "returns CompletableFuture", "@EnableAsync");
		refuses(ReturnsPublisher.class, "ReturnsPublisher.work", "returns Publisher");
		refuses(ReturnsStream.class, "ReturnsStream.work", "returns Stream");
		refuses(ReturnsIterator.class, "ReturnsIterator.work", "returns Iterator");
		refuses(ReturnsSequence.class, "ReturnsSequence.work", "returns Sequence");
	}

	@Test
	void warnsOfParametersThatCanBeReadOnlyOnce(CapturedOutput output) {
		this.runner.withBean(TakesStreams.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output)
				.contains("TakesStreams.work takes a parameter of type InputStream, which can be read only once")
				.contains("TakesStreams.work takes a parameter of type Iterator, which can be read only once")
				.doesNotContain("a parameter of type List");
		});
	}

	@Test
	void refusesAPlainTransactionBesideIt() {
		refuses(Both.class, "Both.work", "@Transactional is beside it");
		refuses(BothOfJakarta.class, "BothOfJakarta.work", "@Transactional is beside it");
	}

	@Test
	void warnsThatAttemptsMultiply(CapturedOutput output) {
		this.runner.withBean(RetriedTwice.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("RetriedTwice.work is rerun by @")
				.contains("WARN")
				.contains(Retryable.class.getName());
		});
	}

	@Test
	void warnsThatAttemptsOfOtherLibrariesMultiply(CapturedOutput output) {
		this.runner.withBean(RetriedBySpringRetry.class).withBean(RetriedByResilience4j.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("RetriedBySpringRetry.work is rerun by @org.springframework.retry")
				.contains("RetriedByResilience4j.work is rerun by @io.github.resilience4j");
		});
	}

	@Test
	void refusesASuspendingFunction() {
		refuses(Suspending.class, "Suspending.work", "suspending function", "Remove suspend");
	}

	@Test
	void acceptsWhatOnlyLooksInvalid() {
		this.runner.withBean(Valid.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void warnsOfAsyncThatNothingHeeds(CapturedOutput output) {
		this.runner.withBean(Valid.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("Valid.asynchronous is annotated with @Async, which has no effect")
				.contains("Add @EnableAsync to a configuration class");
		});
	}

	@Test
	void saysNothingOfAsyncThatIsEnabled(CapturedOutput output) {
		this.runner.withUserConfiguration(Asynchronous.class).withBean(Valid.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("@EnableAsync");
		});
	}

	private void refuses(Class<?> type, String method, String rule) {
		refuses(type, method, rule, "");
	}

	private void refuses(Class<?> type, String method, String rule, String action) {
		this.runner.withBean(type).run((context) -> assertAnalysis(context.getStartupFailure(), (analysis) -> {
			assertThat(analysis.getDescription()).contains(method).contains(rule);
			assertThat(analysis.getAction()).isNotEmpty().contains(action);
		}));
	}

	private static void assertAnalysis(Throwable failure, Consumer<FailureAnalysis> requirements) {
		assertThat(failure).hasStackTraceContaining(InvalidRetryableMethodException.class.getName());
		assertThat(new InvalidRetryableMethodFailureAnalyzer().analyze(failure)).satisfies(requirements);
	}

	static class UnparsableDeadline {

		@RetryableTransaction(deadline = "soon")
		void work() {
		}

	}

	static class ZeroDeadline {

		@RetryableTransaction(deadline = "0s")
		void work() {
		}

	}

	static class PlaceholderDeadline {

		@RetryableTransaction(deadline = "${app.deadline}")
		void work() {
		}

	}

	static class NegativeAttempts {

		@RetryableTransaction(maxAttempts = -1)
		void work() {
		}

	}

	static class FinalMethod {

		@RetryableTransaction
		final void work() {
		}

	}

	@RetryableTransaction
	static class FinalMethodOfAnnotatedClass {

		public final void work() {
		}

		public void other() {
		}

	}

	static class PrivateMethod {

		@RetryableTransaction
		private void work() {
		}

	}

	static class StaticMethod {

		@RetryableTransaction
		static void work() {
		}

	}

	static class ReturnsFuture {

		@RetryableTransaction
		CompletableFuture<String> work() {
			return new CompletableFuture<>();
		}

	}

	static class ReturnsPublisher {

		@RetryableTransaction
		Flow.Publisher<String> work() {
			return (subscriber) -> {
			};
		}

	}

	static class ReturnsStream {

		@RetryableTransaction
		Stream<String> work() {
			return Stream.empty();
		}

	}

	static class ReturnsIterator {

		@RetryableTransaction
		Iterator<String> work() {
			return Collections.emptyIterator();
		}

	}

	static class ReturnsSequence {

		@RetryableTransaction
		Sequence<String> work() {
			return Collections::emptyIterator;
		}

	}

	static class TakesStreams {

		@RetryableTransaction
		void work(InputStream stream, Iterator<String> iterator, List<String> list) {
		}

	}

	static class BothOfJakarta {

		@RetryableTransaction
		@jakarta.transaction.Transactional
		void work() {
		}

	}

	static class Both {

		@RetryableTransaction
		@Transactional
		void work() {
		}

	}

	static class RetriedTwice {

		@Retryable
		@RetryableTransaction
		void work() {
		}

	}

	static class RetriedBySpringRetry {

		@org.springframework.retry.annotation.Retryable
		@RetryableTransaction
		void work() {
		}

	}

	static class RetriedByResilience4j {

		@io.github.resilience4j.retry.annotation.Retry(name = "other")
		@RetryableTransaction
		void work() {
		}

	}

	static class Suspending {

		@RetryableTransaction
		@Nullable Object work(kotlin.coroutines.Continuation<? super String> continuation) {
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Asynchronous {

	}

	@RetryableTransaction
	static class Valid {

		final void finalButNotAnnotatedItself() {
		}

		@Async
		@RetryableTransaction
		CompletableFuture<String> asynchronous() {
			return new CompletableFuture<>();
		}

		Stream<String> notPublic() {
			return Stream.empty();
		}

	}

}
