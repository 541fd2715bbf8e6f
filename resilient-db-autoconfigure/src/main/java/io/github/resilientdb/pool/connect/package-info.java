/**
 * Reaching the database: opens physical connections, asks several hosts, tells primaries
 * from standbys, waits for a database that is away, and knows when an outage begins and
 * ends. Sees the sockets and the settings, but neither the pool nor what its connections
 * are used for.
 */
@NullMarked
package io.github.resilientdb.pool.connect;

import org.jspecify.annotations.NullMarked;
