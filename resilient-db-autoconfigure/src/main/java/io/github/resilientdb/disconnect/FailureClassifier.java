package io.github.resilientdb.disconnect;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.resilientdb.DisconnectClassifier;
import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.util.function.SingletonSupplier;

/**
 * Tells what a failure means: asks the classifiers of the user first, then the built-in
 * ones, about each exception of the chain, and takes the most telling answer.
 * <p>
 * Never throws: a classifier that does is logged and skipped.
 */
public final class FailureClassifier {

	private static final Logger logger = LoggerFactory.getLogger(FailureClassifier.class);

	private static final List<DisconnectClassifier> BUILT_IN = List.of(new PostgresDisconnectClassifier(),
			new StandardDisconnectClassifier());

	private static final String IN_FAILED_TRANSACTION = "25P02";

	private final Supplier<List<DisconnectClassifier>> classifiers;

	/**
	 * Create a classifier.
	 * @param classifiers the classifiers that are asked before the built-in ones, in this
	 * order; looked up when the first failure is classified
	 */
	public FailureClassifier(Supplier<? extends List<DisconnectClassifier>> classifiers) {
		this.classifiers = SingletonSupplier.of(() -> withBuiltIn(classifiers.get()));
	}

	private static List<DisconnectClassifier> withBuiltIn(List<DisconnectClassifier> classifiers) {
		List<DisconnectClassifier> all = new ArrayList<>(classifiers);
		all.addAll(BUILT_IN);
		return List.copyOf(all);
	}

	/**
	 * Classify a failure with its causes and next exceptions.
	 * @param failure the failure
	 * @return what it means, and which exception says so
	 */
	public ClassifiedFailure classify(Throwable failure) {
		FailureChain chain = FailureChain.of(failure);
		ClassifiedFailure classified = mostTelling(chain);
		if (classified.symptom() || classified.verdict().equals(StandardDisconnectClassifier.CLOSED)) {
			// What failed first may only be suppressed by now
			ClassifiedFailure behind = mostTelling(chain.suppressed());
			return (Weight.of(behind.verdict()).compareTo(Weight.of(classified.verdict())) > 0) ? behind : classified;
		}
		return classified;
	}

	private ClassifiedFailure mostTelling(Iterable<Throwable> chain) {
		ClassifiedFailure best = ClassifiedFailure.NOTHING;
		for (Throwable candidate : chain) {
			if (isSymptom(candidate)) {
				best = (best.source() != null) ? best : ClassifiedFailure.SYMPTOM;
			}
			else if (candidate instanceof SQLException exception) {
				best = better(best, exception);
			}
		}
		return best;
	}

	private ClassifiedFailure better(ClassifiedFailure best, SQLException candidate) {
		FailureVerdict verdict = ask(candidate);
		if (verdict == null) {
			return best;
		}
		boolean first = best.source() == null;
		boolean heavier = Weight.of(verdict).compareTo(Weight.of(best.verdict())) > 0;
		return (first || heavier) ? new ClassifiedFailure(verdict, candidate, false) : best;
	}

	private @Nullable FailureVerdict ask(SQLException failure) {
		for (DisconnectClassifier classifier : this.classifiers.get()) {
			FailureVerdict verdict = ask(classifier, failure);
			if (verdict != null) {
				return verdict;
			}
		}
		return null;
	}

	private static @Nullable FailureVerdict ask(DisconnectClassifier classifier, SQLException failure) {
		try {
			return classifier.classify(failure);
		}
		catch (Throwable ex) {
			// Whatever it is: it must not take the place of what is being classified
			logger.warn("{} failed to classify a failure and is skipped", classifier.getClass().getName(), ex);
			return null;
		}
	}

	private static boolean isSymptom(Throwable candidate) {
		return candidate instanceof UnexpectedRollbackException || (candidate instanceof SQLException exception
				&& IN_FAILED_TRANSACTION.equals(exception.getSQLState()));
	}

	/**
	 * How telling a verdict is, the least telling first. Within a weight the first in the
	 * chain wins.
	 */
	private enum Weight {

		/** Knows nothing. */
		NOTHING,

		/** There was no connection, or none any more; another exception may say why. */
		VAGUE,

		/** It was lost, or the server chose it to fail. */
		TELLING,

		/** Must not be rerun, whatever followed from it. */
		FINAL;

		static Weight of(FailureVerdict verdict) {
			if (verdict.kind() == FailureVerdict.Kind.OTHER) {
				return FailureVerdict.OTHER.equals(verdict) ? NOTHING : FINAL;
			}
			return StandardDisconnectClassifier.isVague(verdict) ? VAGUE : TELLING;
		}

	}

}
