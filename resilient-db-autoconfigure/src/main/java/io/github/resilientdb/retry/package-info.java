/**
 * Runs retryable calls: whether, when and how often a method is rerun.
 */
@NullMarked
package io.github.resilientdb.retry;

import org.jspecify.annotations.NullMarked;
