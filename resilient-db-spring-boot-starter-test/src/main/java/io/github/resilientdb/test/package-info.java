/**
 * Breaks the connection at every step of a method, and compares what comes of it with a
 * run without a fault. This package is the kit's API, and its only one.
 */
@NullMarked
package io.github.resilientdb.test;

import org.jspecify.annotations.NullMarked;
