/**
 * The same losses on every kind of connection: see
 * {@link io.github.resilientdb.matrix.MatrixIntegrationTests}.
 */
@NullMarked
package io.github.resilientdb.matrix;

import org.jspecify.annotations.NullMarked;
