package io.github.resilientdb.test.proxy;

import java.net.Socket;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * All connections of a proxy, those included that clients made and nobody answers.
 */
final class ProxiedConnections {

	private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

	private final Set<Socket> strandedClients = ConcurrentHashMap.newKeySet();

	private volatile boolean swallowingNew;

	private volatile boolean closed;

	void add(ProxiedConnection connection) {
		this.connections.add(connection);
		if (this.closed) {
			connection.reset();
		}
		if (this.swallowingNew) {
			connection.blackHole();
			if (!this.swallowingNew) { // healed meanwhile, perhaps before it was broken
				connection.heal();
			}
		}
	}

	void remove(ProxiedConnection connection) {
		this.connections.remove(connection);
	}

	/**
	 * Keep the connection of a client that is not answered until all is healed, which may
	 * be now.
	 */
	void strand(Socket client) {
		this.strandedClients.add(client);
		if (this.closed || !this.swallowingNew) {
			resetStrandedClients();
		}
	}

	void forEach(Consumer<ProxiedConnection> action) {
		this.connections.forEach(action);
	}

	/**
	 * Return what tells whether those that exist now have ended.
	 */
	BooleanSupplier end() {
		Set<ProxiedConnection> existing = Set.copyOf(this.connections);
		return () -> Collections.disjoint(existing, this.connections);
	}

	void swallowNew() {
		this.swallowingNew = true;
	}

	boolean isSwallowingNew() {
		return this.swallowingNew;
	}

	void heal() {
		this.swallowingNew = false;
		forEach(ProxiedConnection::heal);
		resetStrandedClients();
	}

	private void resetStrandedClients() {
		this.strandedClients.forEach((client) -> ProxiedConnection.close(client, true));
		this.strandedClients.clear();
	}

	/**
	 * Reset all, those too that come later.
	 */
	void close() {
		this.closed = true;
		forEach(ProxiedConnection::reset);
		resetStrandedClients();
	}

	int count() {
		return this.connections.size() + this.strandedClients.size();
	}

}
