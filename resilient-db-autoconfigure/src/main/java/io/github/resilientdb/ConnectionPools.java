package io.github.resilientdb;

import java.util.Map;

/**
 * The pools that are guarded, a bean.
 * <p>
 * Thread-safe.
 */
public interface ConnectionPools {

	/**
	 * Return the pools.
	 * @return the pools by the name of their {@code DataSource} bean, unmodifiable
	 */
	Map<String, ConnectionPool> getPools();

	/**
	 * Discard all connections of all pools.
	 * @param reason why, for the log: lower case, words joined by hyphens
	 * @see ConnectionPool#invalidate(String)
	 */
	default void invalidateAll(String reason) {
		getPools().values().forEach((pool) -> pool.invalidate(reason));
	}

}
