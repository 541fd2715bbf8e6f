package io.github.resilientdb.autoconfigure;

/**
 * A transaction manager is set to roll back when a commit fails, which falsifies what it
 * tells of a lost COMMIT. Stops start-up.
 */
@SuppressWarnings("serial")
final class RollbackOnCommitFailureException extends IllegalStateException {

	private final String beanName;

	RollbackOnCommitFailureException(String beanName) {
		super("Invalid rollbackOnCommitFailure (true) of transaction manager '%s': must be false".formatted(beanName));
		this.beanName = beanName;
	}

	String getBeanName() {
		return this.beanName;
	}

}
