package io.github.resilientdb.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.retry.RetryableTransactionPostProcessor;
import io.github.resilientdb.retry.method.InvalidRetryableMethodException;
import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.interceptor.NameMatchTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code resilientdb.retry.methods}: which methods it selects.
 */
@ExtendWith(CapturedLog.Extension.class)
class RetryMethodsTests {

	private static final String PREFIX = RetryMethodsTests.class.getName() + "$";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				TransactionAutoConfiguration.class, AopAutoConfiguration.class,
				ResilientDbDisconnectAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true")
		.withBean(Calls.class)
		.withBean(Orders.class);

	@Test
	void areNoneByDefault(CapturedLog log) {
		this.runner.run((context) -> {
			callAll(context.getBean(Orders.class));
			assertThat(context.getBean(Calls.class).attempts).isEmpty();
			assertThat(context.getBean(Calls.class).known).isEmpty();
			assertThat(log.toString().lines()).noneMatch((line) -> line.contains("resilientdb.retry.methods"));
		});
	}

	@Test
	void areAllThatBeginATransaction(CapturedLog log) {
		this.runner.withUserConfiguration(Advised.class)
			.withPropertyValues("resilientdb.retry.methods=*")
			.run((context) -> {
				callAll(context.getBean(Orders.class));
				context.getBean(Ledger.class).post();
				context.getBean(Ledger.class).read();
				String[] calls = { PREFIX + "Orders.jakarta", PREFIX + "Orders.place", PREFIX + "Posting.post" };
				assertThat(context.getBean(Calls.class).attempts).hasSize(3);
				assertThat(context.getBean(Calls.class).known).extracting(CallName::toString)
					.containsExactlyInAnyOrder(calls);
				assertThat(context.getBean(RetryableTransactionPostProcessor.class).selectedMethods())
					.containsExactly(calls);
				assertThat(log.toString().lines()).filteredOn((line) -> line.contains("resilientdb.retry.methods"))
					.singleElement()
					.asString()
					.endsWith("selects 3 methods that are rerun as if annotated: " + String.join(", ", calls));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "Orders.place", "*.place", "*Orders.pl*", "*Placing.*", "nothing.like.it, *.place" })
	void areThoseThatAPatternMatches(String pattern) {
		this.runner.withPropertyValues("resilientdb.retry.methods=" + pattern).run((context) -> {
			callAll(context.getBean(Orders.class));
			assertThat(context.getBean(Calls.class).attempts).containsExactly(PREFIX + "Orders.place");
		});
	}

	@Test
	void areWarnedOfIfThereAreNone(CapturedLog log) {
		this.runner.withPropertyValues("resilientdb.retry.methods=*.plaice")
			.run((context) -> assertThat(log.toString().lines()).anyMatch((line) -> line.startsWith("WARN") && line
				.endsWith("resilientdb.retry.methods selects no method that begins a transaction: *.plaice")));
	}

	@Test
	void areNotMissedWhereTheyAreAnnotated(CapturedLog log) {
		this.runner.withBean(Annotated.class)
			.withPropertyValues("resilientdb.retry.methods=*Annotated.place")
			.run((context) -> assertThat(log.toString().lines())
				.filteredOn((line) -> line.contains("resilientdb.retry.methods"))
				.singleElement()
				.asString()
				.startsWith("INFO")
				.contains("annotated already: *Annotated.place"));
	}

	@Test
	void mustNotReturnAStream() {
		this.runner.withBean(Streaming.class)
			.withPropertyValues("resilientdb.retry.methods=*")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidRetryableMethodException.class, (ex) -> {
					assertThat(ex).hasMessageContaining("Invalid resilientdb.retry.methods on %sStreaming.all", PREFIX)
						.hasMessageContaining("returns Stream");
					FailureAnalysis analysis = new InvalidRetryableMethodFailureAnalyzer().analyze(ex);
					assertThat(analysis).isNotNull();
					assertThat(analysis.getDescription()).startsWith("resilientdb.retry.methods on ");
					assertThat(analysis.getAction()).endsWith("Or write patterns that don't select it.");
				}));
	}

	@Test
	void mustNotBeHiddenFromTheProxy() {
		this.runner.withBean(Hidden.class)
			.withPropertyValues("resilientdb.retry.methods=*Hidden.*")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidRetryableMethodException.class)
				.hasMessageContaining("the method is static"));
	}

	@Test
	void areWarnedOfIfTheyReadAnArgumentThatCanBeReadOnce(CapturedLog log) {
		this.runner.withBean(Reading.class)
			.withPropertyValues("resilientdb.retry.methods=*Reading.*")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(log.toString().lines()).anyMatch((line) -> line.startsWith("WARN")
						&& line.contains("Reading.store takes a parameter of type Stream"));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "place", "Orders.place()", "Orders#place", "*, ''" })
	void mustBeWrittenAsPatterns(String pattern) {
		this.runner.withPropertyValues("resilientdb.retry.methods=" + pattern)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("resilientdb.retry.methods"));
	}

	private static void callAll(Orders orders) {
		orders.place();
		orders.jakarta();
		orders.supports();
		orders.nothing();
	}

	static class Calls implements AttemptListener, RetryableCallListener {

		final List<String> attempts = new ArrayList<>();

		final List<CallName> known = new ArrayList<>();

		@Override
		public void attemptStarting(String call) {
			this.attempts.add(call);
		}

		@Override
		public void callKnown(CallName call) {
			this.known.add(call);
		}

		@Override
		public RunningCall callStarting(CallName call, String label) {
			assertThat(label).isEqualTo(call.toString());
			return new RunningCall() {
			};
		}

	}

	interface Placing {

		void place();

	}

	static class Orders implements Placing {

		@Override
		@Transactional
		public void place() {
		}

		@jakarta.transaction.Transactional
		public void jakarta() {
		}

		@Transactional(propagation = Propagation.SUPPORTS)
		public void supports() {
		}

		public void nothing() {
		}

	}

	interface Ledger {

		void post();

		void read();

	}

	static class Posting implements Ledger {

		@Override
		public void post() {
		}

		@Override
		public void read() {
		}

	}

	static class Annotated {

		@RetryableTransaction
		public void place() {
		}

	}

	static class Streaming {

		@Transactional
		public Stream<String> all() {
			return Stream.of();
		}

	}

	static class Hidden {

		@Transactional
		public static void work() {
		}

		@Transactional
		public void visible() {
		}

	}

	static class Reading {

		@Transactional
		public void store(Stream<String> lines) {
		}

	}

	/**
	 * As {@code <tx:advice>} makes it, and Spring Batch.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Advised {

		@Bean
		Ledger ledger(PlatformTransactionManager transactionManager) {
			NameMatchTransactionAttributeSource attributes = new NameMatchTransactionAttributeSource();
			attributes.setNameMap(Map.of("post*", new DefaultTransactionAttribute()));
			ProxyFactory factory = new ProxyFactory(new Posting());
			factory.addAdvice(new TransactionInterceptor(transactionManager, attributes));
			return (Ledger) factory.getProxy();
		}

	}

}
