package io.github.resilientdb.commit;

/**
 * What the caller of a COMMIT wants.
 *
 * @param verify whether the outcome is to be found out if the COMMIT is lost; if not, the
 * COMMIT costs nothing extra
 * @param readOnly whether {@code setReadOnly(true)} was called for this transaction
 * @param deadlineNanos when the call must be over, as a {@link System#nanoTime()} value,
 * or {@link Long#MAX_VALUE}
 */
public record CommitRequest(boolean verify, boolean readOnly, long deadlineNanos) {

}
