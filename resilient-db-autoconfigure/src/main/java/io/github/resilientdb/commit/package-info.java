/**
 * Whether a transaction was committed: what the connections of a thread saw of it, and
 * how the outcome of a lost COMMIT is found.
 */
@NullMarked
package io.github.resilientdb.commit;

import org.jspecify.annotations.NullMarked;
