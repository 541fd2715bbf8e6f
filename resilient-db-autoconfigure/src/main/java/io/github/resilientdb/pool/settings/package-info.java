/**
 * What can be configured of a pool: values that check themselves. Sees nothing.
 */
@NullMarked
package io.github.resilientdb.pool.settings;

import org.jspecify.annotations.NullMarked;
