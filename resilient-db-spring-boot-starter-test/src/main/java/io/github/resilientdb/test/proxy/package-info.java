/**
 * A proxy that follows PostgreSQL's protocol and breaks connections at exact places.
 */
@NullMarked
package io.github.resilientdb.test.proxy;

import org.jspecify.annotations.NullMarked;
