package io.github.resilientdb.sweep;

import java.util.concurrent.Callable;

import io.github.resilientdb.RetryableTransaction;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Transactions around whatever a program does.
 */
class Retryably {

	@RetryableTransaction
	<T extends @Nullable Object> T call(Callable<T> work) throws Exception {
		return work.call();
	}

	@RetryableTransaction(readOnly = true)
	<T extends @Nullable Object> T read(Callable<T> work) throws Exception {
		return work.call();
	}

	@RetryableTransaction(isolation = Isolation.SERIALIZABLE)
	<T extends @Nullable Object> T serializably(Callable<T> work) throws Exception {
		return work.call();
	}

	@Transactional
	<T extends @Nullable Object> T plainly(Callable<T> work) throws Exception {
		return work.call();
	}

	@Transactional(propagation = Propagation.REQUIRES_NEW)
	<T extends @Nullable Object> T inNew(Callable<T> work) throws Exception {
		return work.call();
	}

	@Transactional(propagation = Propagation.NESTED)
	<T extends @Nullable Object> T nested(Callable<T> work) throws Exception {
		return work.call();
	}

	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	<T extends @Nullable Object> T without(Callable<T> work) throws Exception {
		return work.call();
	}

	@RetryableTransaction(noRollbackFor = IllegalStateException.class)
	<T extends @Nullable Object> T keeping(Callable<T> work) throws Exception {
		return work.call();
	}

}
