/**
 * What to say of a database that can't be had.
 */
@NullMarked
package io.github.resilientdb.autoconfigure.database;

import org.jspecify.annotations.NullMarked;
