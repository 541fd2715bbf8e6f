package io.github.resilientdb.observe;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import org.springframework.util.ClassUtils;

/**
 * The {@link RetryableTransactionObservationConvention} that is used unless there is a
 * bean of that type: named {@code resilientdb.transaction}, with {@code class},
 * {@code method} and, once it is known, {@code outcome}.
 */
public class DefaultRetryableTransactionObservationConvention implements RetryableTransactionObservationConvention {

	static final String NAME = "resilientdb.transaction";

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(RetryableTransactionObservationContext context) {
		return ClassUtils.getShortName(context.getCall().type()) + "." + context.getCall().method();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(RetryableTransactionObservationContext context) {
		KeyValues keyValues = KeyValues.of(KeyValue.of("class", context.getCall().type()),
				KeyValue.of("method", context.getCall().method()));
		String outcome = context.getOutcome();
		return (outcome != null) ? keyValues.and("outcome", outcome) : keyValues;
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(RetryableTransactionObservationContext context) {
		KeyValues label = KeyValues.of("label", context.getLabel());
		return (context.getOutcome() != null)
				? label.and("failed.attempts", String.valueOf(context.getFailedAttempts())) : label;
	}

}
