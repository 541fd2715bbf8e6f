/**
 * What the checks and the retries cost while nothing fails.
 */
@NullMarked
package io.github.resilientdb.benchmarks;

import org.jspecify.annotations.NullMarked;
