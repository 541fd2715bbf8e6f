/**
 * A proxy that follows PostgreSQL's protocol and breaks connections at exact places.
 * Internal: what is public here is so only for the kit itself, and may change in any
 * version.
 */
@NullMarked
package io.github.resilientdb.test.proxy;

import org.jspecify.annotations.NullMarked;
