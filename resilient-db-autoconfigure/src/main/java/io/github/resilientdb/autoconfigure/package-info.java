/**
 * The auto-configuration: sees all other packages, and is seen by none.
 */
@NullMarked
package io.github.resilientdb.autoconfigure;

import org.jspecify.annotations.NullMarked;
