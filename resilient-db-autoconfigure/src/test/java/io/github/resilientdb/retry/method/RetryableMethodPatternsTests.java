package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.interceptor.TransactionalProxy;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryableMethodPatterns}.
 */
class RetryableMethodPatternsTests {

	private static final String PREFIX = RetryableMethodPatternsTests.class.getName();

	@ParameterizedTest
	@CsvSource({ "*, true", "*.*, true", "*.place, true", "*.pl*, true", "*.other, false", "$Orders.place, true",
			".Orders.place, true", "$Orders.*, true", "$Order.place, false", "$Base.place, false",
			"$Base.inherited, false", "$Ordering.place, true", "$Ordering.*, true", "$Named.*, false",
			"Orders.place, true", "Orders.cancel, false", "com.example.*.*, false" })
	void selectAMethodByItsClassAndInterfaces(String pattern, boolean selected) {
		assertThat(find(pattern, Orders.class, "place")).isEqualTo(selected);
	}

	@ParameterizedTest
	@CsvSource({ "$Base.inherited, true", "$Orders.inherited, true", "$Base.*, true", "$Ordering.*, false" })
	void selectAnInheritedMethod(String pattern, boolean selected) {
		assertThat(find(pattern, Orders.class, "inherited")).isEqualTo(selected);
	}

	@ParameterizedTest
	@CsvSource({ "$OrderRepository.save, true", "$Repository.save, true", "*Repository.save, true",
			"OrderRepository.*, true", "*, true", "jdk.*.*, false", "$OrderRepository.find, false" })
	void selectTheMethodOfARepositoryByItsInterfaces(String pattern, boolean selected) {
		Object repository = Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { OrderRepository.class, TransactionalProxy.class }, (proxy, method, arguments) -> null);
		assertThat(find(pattern, repository.getClass(), "save")).isEqualTo(selected);
	}

	@Test
	void selectNothingWithoutPatterns() {
		assertThat(RetryableMethodPatterns.NONE.isEmpty()).isTrue();
		assertThat(RetryableMethodPatterns.of(List.of()).find(method(Orders.class, "place"), Orders.class)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "save", "Orders.place()", "Orders#place", "com..Orders.place", "Orders.",
			".place", "execution(* *(..))", "com.example.Orders place" })
	void sayHowToWriteWhatCannotBeRead(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> RetryableMethodPatterns.of(List.of(pattern)))
			.withMessageContaining("Write type.method, such as com.example.OwnerRepository.save")
			.withMessageContaining("or * for all");
	}

	private static boolean find(String pattern, Class<?> type, String method) {
		String text = (pattern.startsWith("$") || pattern.startsWith(".")) ? PREFIX + pattern : pattern;
		String found = RetryableMethodPatterns.of(List.of("none.*", text)).find(method(type, method), type);
		assertThat(found).isIn(text, null);
		return found != null;
	}

	private static Method method(Class<?> type, String name) {
		Method method = ReflectionUtils.findMethod(type, name, (Class<?>[]) null);
		assertThat(method).isNotNull();
		return method;
	}

	interface Named {

		String name();

	}

	interface Ordering<T> extends Named {

		void place(T order);

	}

	static class Base {

		void inherited() {
		}

	}

	static class Orders extends Base implements Ordering<String> {

		@Override
		public void place(String order) {
		}

		@Override
		public String name() {
			return "";
		}

	}

	interface Repository<T> {

		void save(T entity);

	}

	interface OrderRepository extends Repository<String> {

		void find();

	}

}
