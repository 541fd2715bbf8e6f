/**
 * The public words of resilient-db: the annotation and its programmatic twin, the
 * exception for an outcome that nobody can know, and the interfaces that users and the
 * other packages implement.
 */
@NullMarked
package io.github.resilientdb;

import org.jspecify.annotations.NullMarked;
