/**
 * What to say of pools that are not guarded, of a database that can't be had, and of
 * waiting for it.
 */
@NullMarked
package io.github.resilientdb.autoconfigure.database;

import org.jspecify.annotations.NullMarked;
