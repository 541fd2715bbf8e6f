/**
 * PostgreSQL: the outcome of a lost COMMIT, found by transaction id or by marker.
 */
@NullMarked
package io.github.resilientdb.commit.postgresql;

import org.jspecify.annotations.NullMarked;
