/**
 * The rerun: whether, when, and how often.
 */
@NullMarked
package io.github.resilientdb.retry;

import org.jspecify.annotations.NullMarked;
