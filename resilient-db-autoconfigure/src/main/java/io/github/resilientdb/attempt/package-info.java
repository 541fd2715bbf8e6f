/**
 * What the connections and the transaction listeners of a thread saw of one attempt, for
 * whoever decides about a rerun.
 */
@NullMarked
package io.github.resilientdb.attempt;

import org.jspecify.annotations.NullMarked;
