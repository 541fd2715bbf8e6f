/**
 * What to say of a database that can't be had, and of waiting for it.
 */
@NullMarked
package io.github.resilientdb.autoconfigure.database;

import org.jspecify.annotations.NullMarked;
