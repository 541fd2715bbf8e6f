package io.github.resilientdb.observe;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and key values of the observation of retryable calls. Declare a bean of this type
 * to replace them, best one that extends
 * {@link DefaultRetryableTransactionObservationConvention}.
 */
public interface RetryableTransactionObservationConvention
		extends ObservationConvention<RetryableTransactionObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof RetryableTransactionObservationContext;
	}

}
