package io.github.resilientdb.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Reads {@code resilientdb.enabled} as every other boolean property is read:
 * {@code @ConditionalOnBooleanProperty} would take {@code on} and {@code 1}, and a slip
 * of the pen, for a wish to have all protection off.
 */
final class EnabledCondition extends SpringBootCondition {

	static final String PROPERTY = KnownProperties.PREFIX + ".enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean enabled = Binder.get(context.getEnvironment()).bind(PROPERTY, Boolean.class).orElse(true);
		return new ConditionOutcome(enabled,
				ConditionMessage.forCondition(ConditionalOnResilientDb.class).because(PROPERTY + " is " + enabled));
	}

}
