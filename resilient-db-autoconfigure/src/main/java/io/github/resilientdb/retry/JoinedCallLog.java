package io.github.resilientdb.retry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.disconnect.FailureClassifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Warns, once per method, when a retryable method has lost its connection within a
 * transaction that someone else began. Nobody reruns it: only the outermost method could
 * be rerun.
 */
final class JoinedCallLog {

	private static final Logger logger = LoggerFactory.getLogger(JoinedCallLog.class);

	private static final int MAX_NAMES = 1000;

	private final FailureClassifier classifier;

	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	JoinedCallLog(FailureClassifier classifier) {
		this.classifier = classifier;
	}

	/**
	 * Run a call that begins no transaction of its own.
	 * @param name the name of the call
	 * @param body the call
	 * @return what it returned
	 * @throws Throwable what it threw
	 */
	@Nullable Object run(String name, RetryableCall.AttemptBody body) throws Throwable {
		// Within a retryable call, the outermost one is rerun
		if (AttemptLedger.current() != null || !TransactionSynchronizationManager.isActualTransactionActive()) {
			return body.run();
		}
		String outer = TransactionSynchronizationManager.getCurrentTransactionName();
		try {
			return body.run();
		}
		catch (Throwable ex) {
			failed(name, (outer != null) ? outer : "one without a name", ex);
			throw ex;
		}
	}

	private void failed(String name, String outer, Throwable failure) {
		if (this.warned.contains(name) || this.warned.size() >= MAX_NAMES
				|| this.classifier.classify(failure).verdict().kind() != FailureVerdict.Kind.DISCONNECT
				|| !this.warned.add(name)) {
			return;
		}
		logger.atWarn()
			.addKeyValue("method", name)
			.addKeyValue("outer", outer)
			.log("{} lost its connection within a transaction that it had joined ({}), and only the outermost method "
					+ "could be rerun: make that one retryable. This is logged once per method", name, outer);
	}

}
