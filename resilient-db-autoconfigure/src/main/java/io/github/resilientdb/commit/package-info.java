/**
 * How transactions are committed, and how the outcome of a lost COMMIT is found.
 */
@NullMarked
package io.github.resilientdb.commit;

import org.jspecify.annotations.NullMarked;
