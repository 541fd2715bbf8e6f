/**
 * What a failure means: one classifier, from SQLSTATEs, causes and next exceptions.
 */
@NullMarked
package io.github.resilientdb.disconnect;

import org.jspecify.annotations.NullMarked;
