/**
 * Auto-configuration: sees all other packages, and none of them sees it.
 */
@NullMarked
package io.github.resilientdb.autoconfigure;

import org.jspecify.annotations.NullMarked;
