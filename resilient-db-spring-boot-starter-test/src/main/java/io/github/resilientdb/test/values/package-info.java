/**
 * Writes what methods return, publish and call as text that can be compared. Internal:
 * what is public here is so only for the kit itself, and may change in any version.
 */
@NullMarked
package io.github.resilientdb.test.values;

import org.jspecify.annotations.NullMarked;
