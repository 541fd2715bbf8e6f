package io.github.resilientdb;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Tells what a failure means. Beans of this type are asked first, in their order; the
 * first that answers decides. The built-in one, asked last, knows PostgreSQL's SQLSTATEs
 * and the classes of the SQL standard.
 * <p>
 * Implementations are called on the thread on which the failure happened, while the pool
 * is busy with the connection: they must be thread-safe, quick, and must not use the
 * database.
 */
@FunctionalInterface
public interface DisconnectClassifier {

	/**
	 * Classify one failure. Causes and next exceptions are walked by the caller.
	 * @param failure the failure as the driver threw it
	 * @return what it means, or {@code null} to ask the next classifier
	 */
	@Nullable FailureVerdict classify(SQLException failure);

}
