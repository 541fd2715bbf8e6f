package io.github.resilientdb.benchmarks;

/**
 * The same operation without and with what is to be measured.
 *
 * @param plain the operation it is compared to
 * @param ours the operation with what it may cost more
 */
record Pair(Operation plain, Operation ours) {

}
