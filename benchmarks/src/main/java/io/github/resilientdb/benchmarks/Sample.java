package io.github.resilientdb.benchmarks;

/**
 * A metric of two blocks that ran one right after the other.
 *
 * @param plain the metric per plain operation
 * @param ours the metric per operation of ours
 */
record Sample(double plain, double ours) {

}
