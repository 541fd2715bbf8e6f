/**
 * Auto-configuration: the only package that sees all others.
 */
@NullMarked
package io.github.resilientdb.autoconfigure;

import org.jspecify.annotations.NullMarked;
