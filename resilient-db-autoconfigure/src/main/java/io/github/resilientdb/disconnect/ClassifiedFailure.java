package io.github.resilientdb.disconnect;

import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What a failure with all its causes means.
 *
 * @param verdict the most telling verdict of the chain
 * @param source the exception from which the verdict comes, {@code null} if nothing in
 * the chain tells anything
 * @param symptom whether the chain only says that something had failed before, and not
 * what: SQLSTATE 25P02, or a rollback that nobody expected
 */
public record ClassifiedFailure(FailureVerdict verdict, @Nullable SQLException source, boolean symptom) {

	static final ClassifiedFailure NOTHING = new ClassifiedFailure(FailureVerdict.OTHER, null, false);

	static final ClassifiedFailure SYMPTOM = new ClassifiedFailure(FailureVerdict.OTHER, null, true);

}
