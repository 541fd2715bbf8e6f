package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.retry.method.AdvisedTransactions.AdvisedTransaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.aop.target.AbstractBeanFactoryBasedTargetSource;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.interceptor.MatchAlwaysTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdvisedTransactions}.
 */
class AdvisedTransactionsTests {

	private static final Method SAVE = ClassUtils.getMethod(Accounts.class, "save");

	private static final Method FIND = ClassUtils.getMethod(Accounts.class, "find");

	private final AdvisedTransactions transactions = new AdvisedTransactions();

	private final TransactionInterceptor interceptor = interceptor(null);

	private static TransactionInterceptor interceptor(@Nullable String name) {
		DefaultTransactionAttribute attribute = new DefaultTransactionAttribute();
		if (name != null) {
			attribute.setName(name);
		}
		MatchAlwaysTransactionAttributeSource source = new MatchAlwaysTransactionAttributeSource();
		source.setTransactionAttribute(attribute);
		TransactionInterceptor interceptor = new TransactionInterceptor();
		interceptor.setTransactionAttributeSource(source);
		return interceptor;
	}

	private static Object proxy(Object target, boolean ofClass, TransactionInterceptor... interceptors) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(ofClass);
		factory.addAdvice((org.aopalliance.intercept.MethodInterceptor) (invocation) -> invocation.proceed());
		for (TransactionInterceptor interceptor : interceptors) {
			factory.addAdvice(interceptor);
		}
		return factory.getProxy();
	}

	@Test
	void findsTheTransactionOfAProxy() {
		Object bean = proxy(new JdbcAccounts(), true, this.interceptor);
		assertThat(this.transactions.register(bean, JdbcAccounts.class)).containsExactly(this.interceptor);
		assertThat(this.transactions.isKnown(JdbcAccounts.class)).isTrue();
		assertThat(this.transactions.isKnown(bean.getClass())).as("as a subclass of CGLIB").isTrue();
		AdvisedTransaction transaction = this.transactions.find(SAVE, JdbcAccounts.class);
		assertThat(transaction).isNotNull();
		assertThat(transaction.name()).isEqualTo(JdbcAccounts.class.getName() + ".save");
	}

	@Test
	void findsTheTransactionBehindAnotherProxy() {
		Object inner = proxy(new JdbcAccounts(), false, this.interceptor);
		assertThat(this.transactions.register(proxy(inner, false), JdbcAccounts.class))
			.containsExactly(this.interceptor);
		assertThat(this.transactions.find(SAVE, JdbcAccounts.class)).isNotNull();
	}

	@Test
	void outermostOfSeveralTransactionsCounts() {
		Object inner = proxy(new JdbcAccounts(), false, interceptor("inner"));
		this.transactions.register(proxy(inner, false, interceptor("outer")), JdbcAccounts.class);
		AdvisedTransaction transaction = this.transactions.find(SAVE, JdbcAccounts.class);
		assertThat(transaction).isNotNull();
		assertThat(transaction.name()).isEqualTo("outer");
	}

	@Test
	void findsNoTransactionWhereThePointcutDoesNotApply() {
		NameMatchMethodPointcut saves = new NameMatchMethodPointcut();
		saves.addMethodName("save*");
		ProxyFactory factory = new ProxyFactory(new JdbcAccounts());
		factory.addAdvisor(new DefaultPointcutAdvisor(saves, this.interceptor));
		this.transactions.register(factory.getProxy(), JdbcAccounts.class);
		assertThat(this.transactions.find(SAVE, JdbcAccounts.class)).isNotNull();
		assertThat(this.transactions.find(FIND, JdbcAccounts.class)).isNull();
	}

	@Test
	void whatIsNoProxyOrHasNoTransactionsIsNotKnown() {
		assertThat(this.transactions.register(new JdbcAccounts(), JdbcAccounts.class)).isEmpty();
		assertThat(this.transactions.register(proxy(new JdbcAccounts(), true), JdbcAccounts.class)).isEmpty();
		assertThat(this.transactions.isKnown(JdbcAccounts.class)).isFalse();
		assertThat(this.transactions.find(SAVE, JdbcAccounts.class)).isNull();
	}

	@Test
	void targetThatIsMadeForEachCallIsNotMadeToLookAtIt() {
		AtomicInteger made = new AtomicInteger();
		ProxyFactory factory = new ProxyFactory();
		factory.setTargetSource(new AbstractBeanFactoryBasedTargetSource() {

			private static final long serialVersionUID = 1L;

			@Override
			public Class<?> getTargetClass() {
				return JdbcAccounts.class;
			}

			@Override
			public Object getTarget() {
				made.incrementAndGet();
				return new JdbcAccounts();
			}

		});
		factory.addInterface(Accounts.class);
		factory.addAdvice(this.interceptor);
		this.transactions.register(factory.getProxy(), JdbcAccounts.class);
		assertThat(this.transactions.find(SAVE, JdbcAccounts.class)).isNotNull();
		assertThat(made).hasValue(0);
	}

	interface Accounts {

		void save();

		void find();

	}

	static class JdbcAccounts implements Accounts {

		@Override
		public void save() {
		}

		@Override
		public void find() {
		}

	}

}
