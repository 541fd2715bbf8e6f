/**
 * JDBC interfaces that forward to the driver's: statements and results tell their
 * connection what is executed and what fails, whichever thread uses them. Decides
 * nothing, and sees nothing.
 */
@NullMarked
package io.github.resilientdb.pool.jdbc;

import org.jspecify.annotations.NullMarked;
