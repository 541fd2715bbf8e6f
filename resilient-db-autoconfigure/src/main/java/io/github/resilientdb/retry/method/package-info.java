/**
 * Which methods are retryable: by the annotation, by a pattern or as a library's, and
 * what holds for each.
 */
@NullMarked
package io.github.resilientdb.retry.method;

import org.jspecify.annotations.NullMarked;
