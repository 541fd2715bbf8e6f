/**
 * Calls that have waited long for an answer: whether the server still works for them, or
 * the network has fallen silent.
 */
@NullMarked
package io.github.resilientdb.watchdog;

import org.jspecify.annotations.NullMarked;
