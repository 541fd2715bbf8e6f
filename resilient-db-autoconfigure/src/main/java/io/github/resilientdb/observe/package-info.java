/**
 * Tells operators what happens: events, logs, meters and observations.
 */
@NullMarked
package io.github.resilientdb.observe;

import org.jspecify.annotations.NullMarked;
