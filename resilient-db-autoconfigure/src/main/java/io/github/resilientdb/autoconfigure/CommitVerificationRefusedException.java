package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.commit.CommitVerificationUnavailableException;

/**
 * The verification that was asked for is not available in the database of a pool. Stops
 * start-up.
 */
@SuppressWarnings("serial")
final class CommitVerificationRefusedException extends IllegalStateException {

	private final String beanName;

	private final CommitVerificationUnavailableException refusal;

	CommitVerificationRefusedException(String beanName, CommitVerificationUnavailableException refusal) {
		super("Lost COMMITs of DataSource '%s' can't be verified as configured: %s".formatted(beanName,
				refusal.getMessage()), refusal);
		this.beanName = beanName;
		this.refusal = refusal;
	}

	String getBeanName() {
		return this.beanName;
	}

	CommitVerificationUnavailableException getRefusal() {
		return this.refusal;
	}

}
