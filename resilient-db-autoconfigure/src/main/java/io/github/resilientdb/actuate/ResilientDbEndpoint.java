package io.github.resilientdb.actuate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.ConnectionPools;
import io.github.resilientdb.observe.PoolJournal;
import io.github.resilientdb.observe.PoolJournal.CurrentOutage;
import io.github.resilientdb.observe.PoolJournal.Disconnect;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@link Endpoint @Endpoint} that tells which settings are in force and how the pools
 * are, and that discards all connections where write access is granted.
 */
@Endpoint(id = "resilientdb", defaultAccess = Access.READ_ONLY)
public class ResilientDbEndpoint {

	private final ConnectionPools pools;

	private final PoolJournal journal;

	private final Supplier<Map<String, Setting>> settings;

	private final Supplier<List<PoolDetails>> details;

	private final Supplier<List<String>> methods;

	/**
	 * Create an endpoint.
	 * @param pools the pools
	 * @param journal what happened to them
	 * @param settings the settings in force, by the name of their property
	 * @param details what is known of each pool
	 * @param methods the methods that are rerun though they are not annotated
	 */
	public ResilientDbEndpoint(ConnectionPools pools, PoolJournal journal, Supplier<Map<String, Setting>> settings,
			Supplier<List<PoolDetails>> details, Supplier<List<String>> methods) {
		this.pools = pools;
		this.journal = journal;
		this.settings = settings;
		this.details = details;
		this.methods = methods;
	}

	/**
	 * Describe settings, pools, and what was lost last.
	 * @return the description
	 */
	@ReadOperation
	public Description description() {
		return new Description(this.settings.get(), this.methods.get(),
				this.details.get().stream().map(this::describe).toList(), this.journal.disconnects());
	}

	private DescribedPool describe(PoolDetails pool) {
		return new DescribedPool(pool.bean(), pool.name(), pool.settings(), pool.generation(),
				pool.socketsNotLookedAt(), pool.commitVerification(), pool.hangingConnects(),
				(pool.name() != null) ? this.journal.outage(pool.name()) : null);
	}

	/**
	 * Discard all connections of all pools: idle ones now, those in use when they are
	 * returned.
	 * @return how many connections that concerned, by DataSource bean
	 */
	@DeleteOperation
	public Discarded discardConnections() {
		Map<String, Integer> connections = new TreeMap<>();
		for (Map.Entry<String, ConnectionPool> entry : this.pools.getPools().entrySet()) {
			connections.put(entry.getKey(), entry.getValue().invalidate("endpoint"));
		}
		return new Discarded(connections);
	}

	/**
	 * What the endpoint tells.
	 *
	 * @param settings the settings in force, by the name of their property
	 * @param methods the methods that are rerun because resilientdb.retry.methods selects
	 * them
	 * @param pools the pools
	 * @param disconnects the last disconnects, the latest first
	 */
	public record Description(Map<String, Setting> settings, List<String> methods, List<DescribedPool> pools,
			List<Disconnect> disconnects) {

	}

	/**
	 * A setting.
	 *
	 * @param value its value
	 * @param origin where that comes from
	 */
	public record Setting(String value, String origin) {

	}

	/**
	 * What is known of a pool without the journal.
	 *
	 * @param bean the name of the DataSource bean
	 * @param name the name of the pool, {@code null} if it has none yet
	 * @param settings what HikariCP was given in the end
	 * @param generation how many incidents and discards there were
	 * @param socketsNotLookedAt why connections can't be checked by a look at their
	 * socket, {@code null} if they can
	 * @param commitVerification how lost COMMITs are verified, {@code null} if that was
	 * not chosen yet
	 * @param hangingConnects how many attempts to connect have not come back from the
	 * driver, though nobody waits for them any more
	 */
	public record PoolDetails(String bean, @Nullable String name, Map<String, Setting> settings, long generation,
			@Nullable String socketsNotLookedAt, @Nullable String commitVerification, int hangingConnects) {

	}

	/**
	 * A pool.
	 *
	 * @param bean the name of the DataSource bean
	 * @param name the name of the pool, {@code null} if it has none yet
	 * @param settings what HikariCP was given in the end
	 * @param generation how many incidents and discards there were
	 * @param socketsNotLookedAt why connections can't be checked by a look at their
	 * socket, {@code null} if they can
	 * @param commitVerification how lost COMMITs are verified, {@code null} if that was
	 * not chosen yet
	 * @param hangingConnects how many attempts to connect have not come back from the
	 * driver, though nobody waits for them any more
	 * @param outage the outage that goes on, {@code null} if there is none
	 */
	public record DescribedPool(String bean, @Nullable String name, Map<String, Setting> settings, long generation,
			@Nullable String socketsNotLookedAt, @Nullable String commitVerification, int hangingConnects,
			@Nullable CurrentOutage outage) {

	}

	/**
	 * What was discarded.
	 *
	 * @param connections how many connections, by DataSource bean
	 */
	public record Discarded(Map<String, Integer> connections) {

	}

}
