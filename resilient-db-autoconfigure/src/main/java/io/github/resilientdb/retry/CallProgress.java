package io.github.resilientdb.retry;

/**
 * How far a call is when an attempt failed.
 *
 * @param attempts the number of attempts so far, waits for a connection not counted
 * @param contentions how many of them were rerun for contention
 * @param waits how often no connection could be had so far
 * @param remaining what is left until the deadline, in nanoseconds
 * @param budgeted whether the budget permits another rerun
 * @param shuttingDown whether the application is shutting down
 */
record CallProgress(int attempts, int contentions, int waits, long remaining, boolean budgeted, boolean shuttingDown) {

}
