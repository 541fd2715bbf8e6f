/**
 * JDBC interfaces that forward to others, without any decision. Sees nothing.
 */
@NullMarked
package io.github.resilientdb.pool.jdbc;

import org.jspecify.annotations.NullMarked;
