/**
 * The guarded connection: whether it is alive, what may be done with it when it is not,
 * what became of its transaction, and which connections an incident concerns. The driver
 * is called here and nowhere above. Sees how connections are opened, but not how they are
 * lent.
 */
@NullMarked
package io.github.resilientdb.pool.guard;

import org.jspecify.annotations.NullMarked;
