/**
 * The actuator endpoint.
 */
@NullMarked
package io.github.resilientdb.actuate;

import org.jspecify.annotations.NullMarked;
