/**
 * The public words of resilient-db: the annotation and its programmatic twin, the
 * exception for an outcome that nobody can know, and the interfaces that users and the
 * other packages implement.
 * <p>
 * This package is the API, with the convention for observations in {@code observe}. What
 * else is public in other packages is so only for the library itself, and may change in
 * any version.
 */
@NullMarked
package io.github.resilientdb;

import org.jspecify.annotations.NullMarked;
