package io.github.resilientdb.jpa;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * Makes the exception that a call throws instead of being rerun.
 */
final class Refusal {

	private Refusal() {
	}

	/**
	 * Make the exception.
	 * @param call names the call
	 * @param obstacle why what a failed attempt has changed can't be put back
	 * @return the exception, without a cause: that is the failure of the attempt
	 */
	static InvalidDataAccessApiUsageException of(String call, RuntimeException obstacle) {
		InvalidDataAccessApiUsageException refusal = new InvalidDataAccessApiUsageException(call
				+ " is not rerun: the entities that it was given, or that were loaded before it in the same"
				+ " persistence context (as by spring.jpa.open-in-view), cannot be put back as they were, since "
				+ obstacle.getMessage() + ". Pass identifiers, load what is to be changed inside the method, and flush"
				+ " or commit pending changes before calling it");
		refusal.addSuppressed(obstacle);
		return refusal;
	}

}
