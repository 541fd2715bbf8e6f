/**
 * Reads rows, and says which of two runs' rows mean the same. Internal: what is public
 * here is so only for the kit itself, and may change in any version.
 */
@NullMarked
package io.github.resilientdb.test.rows;

import org.jspecify.annotations.NullMarked;
