package io.github.resilientdb;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionSystemException;

/**
 * The connection was lost while COMMIT was under way, and whether the transaction was
 * committed could not be established. It may or may not have been: don't run it again
 * blindly. {@link #getStatement()} is what an operator can run to find out.
 * <p>
 * Transaction synchronizations of such a transaction see
 * {@link org.springframework.transaction.support.TransactionSynchronization#STATUS_UNKNOWN
 * STATUS_UNKNOWN}. The disconnect is in the cause chain.
 */
@SuppressWarnings("serial")
public class TransactionOutcomeUnknownException extends TransactionSystemException {

	private final String reason;

	private final @Nullable String transaction;

	private final @Nullable String statement;

	/**
	 * Create the exception.
	 * @param reason why the outcome could not be established
	 * @param transaction what identifies the transaction on the server, {@code null} if
	 * nothing does
	 * @param statement the SQL that tells an operator the outcome, {@code null} if none
	 * does
	 * @param cause the failure of COMMIT
	 */
	public TransactionOutcomeUnknownException(String reason, @Nullable String transaction, @Nullable String statement,
			Throwable cause) {
		super(message(reason, transaction, statement), ServerSideFailure.mark(cause));
		this.reason = reason;
		this.transaction = transaction;
		this.statement = statement;
	}

	private static String message(String reason, @Nullable String transaction, @Nullable String statement) {
		StringBuilder message = new StringBuilder("The outcome of the transaction is unknown: ").append(reason);
		if (transaction != null) {
			message.append("; transaction ").append(transaction);
		}
		if (statement != null) {
			message.append("; to find out, run: ").append(statement);
		}
		return message.toString();
	}

	/**
	 * Return why the outcome could not be established.
	 * @return the reason, one of a documented list
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return what identifies the transaction on the server.
	 * @return the identity, or {@code null} if nothing identifies it
	 */
	public @Nullable String getTransaction() {
		return this.transaction;
	}

	/**
	 * Return the statement with which an operator can learn the outcome.
	 * @return the SQL, or {@code null} if none tells it
	 */
	public @Nullable String getStatement() {
		return this.statement;
	}

}
