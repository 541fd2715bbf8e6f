package io.github.resilientdb.observe;

import java.util.List;

import io.github.resilientdb.CallName;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Finds out what comes of observations. Where it is nothing but the meters that Spring
 * Boot makes of them, these can be had for a tenth of the cost; wherever anything else is
 * configured, it gets its observations.
 */
public final class ObservationStyle {

	private static final String BOOT = "org.springframework.boot.";

	private static final String BOOTS_REGISTRY = BOOT
			+ "micrometer.observation.autoconfigure.ObservationAutoConfiguration";

	private static final String BOOTS_CUSTOMIZER = BOOT
			+ "micrometer.observation.autoconfigure.ObservationRegistryCustomizer";

	private static final String METER_HANDLER = "io.micrometer.core.instrument.observation.DefaultMeterObservationHandler";

	private final ConfigurableListableBeanFactory beanFactory;

	private final SingletonSupplier<Boolean> enabled = SingletonSupplier.of(this::findEnabled);

	private final SingletonSupplier<Boolean> metersOnly = SingletonSupplier.of(this::findMetersOnly);

	/**
	 * Create a style that is found out when it is asked for.
	 * @param beanFactory what is configured
	 */
	public ObservationStyle(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Return whether calls are observed at all.
	 * @return {@code false} if {@code management.observations.enable} says so
	 */
	public boolean isEnabled() {
		return this.enabled.obtain();
	}

	/**
	 * Return whether observations end up in Spring Boot's meters, as they are, and
	 * nowhere else.
	 * @return whether nobody would miss the observations themselves
	 */
	public boolean isForMetersOnly() {
		return this.metersOnly.obtain();
	}

	private boolean findEnabled() {
		RetryableTransactionObservationContext context = probe();
		String name = new DefaultRetryableTransactionObservationConvention().getName();
		return beans(ObservationPredicate.class).stream()
			.filter(ObservationStyle::isBoots)
			.allMatch((predicate) -> predicate.test(name, context));
	}

	private boolean findMetersOnly() {
		return isEnabled() && isRegistryBoots() && beans(ObservationHandler.class).stream().allMatch(this::isMeters)
				&& beans(GlobalObservationConvention.class).isEmpty()
				&& beans(RetryableTransactionObservationConvention.class).isEmpty()
				&& beans(ObservationPredicate.class).stream().allMatch(ObservationStyle::isBoots)
				&& beans(ObservationFilter.class).stream().allMatch(ObservationStyle::isBoots)
				&& !hasKeyValuesOfFilters() && !hasCustomizers();
	}

	private boolean isRegistryBoots() {
		String[] names = this.beanFactory.getBeanNamesForType(ObservationRegistry.class);
		return names.length == 1 && this.beanFactory.containsBeanDefinition(names[0])
				&& BOOTS_REGISTRY.equals(this.beanFactory.getMergedBeanDefinition(names[0]).getFactoryBeanName());
	}

	private boolean isMeters(Object handler) {
		return handler.getClass().getName().equals(METER_HANDLER);
	}

	private boolean hasKeyValuesOfFilters() {
		return filter(probe()).getLowCardinalityKeyValues().iterator().hasNext();
	}

	private boolean hasCustomizers() {
		ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
		return !ClassUtils.isPresent(BOOTS_CUSTOMIZER, classLoader) || this.beanFactory
			.getBeanNamesForType(ClassUtils.resolveClassName(BOOTS_CUSTOMIZER, classLoader)).length > 0;
	}

	/**
	 * Give a context the name and key values that the observation would have.
	 * @param context the context
	 * @return the context as filters leave it
	 */
	@SuppressWarnings("unchecked")
	public Observation.Context complete(RetryableTransactionObservationContext context) {
		ObservationConvention<RetryableTransactionObservationContext> convention = beans(
				RetryableTransactionObservationConvention.class)
			.stream()
			.map((candidate) -> (ObservationConvention<RetryableTransactionObservationContext>) candidate)
			.findFirst()
			.or(() -> beans(GlobalObservationConvention.class).stream()
				.filter((candidate) -> candidate.supportsContext(context))
				.map((candidate) -> (ObservationConvention<RetryableTransactionObservationContext>) candidate)
				.findFirst())
			.orElseGet(DefaultRetryableTransactionObservationConvention::new);
		CallTimings.ZeroObservations.apply(context, convention);
		return filter(context);
	}

	private Observation.Context filter(Observation.Context context) {
		Observation.Context filtered = context;
		for (ObservationFilter filter : beans(ObservationFilter.class)) {
			filtered = filter.map(filtered);
		}
		return filtered;
	}

	private static RetryableTransactionObservationContext probe() {
		return new RetryableTransactionObservationContext(CallName.TEMPLATE, CallName.TEMPLATE.toString());
	}

	private static boolean isBoots(Object bean) {
		return bean.getClass().getName().startsWith(BOOT);
	}

	private <T> List<T> beans(Class<T> type) {
		return this.beanFactory.getBeanProvider(type).orderedStream().toList();
	}

}
