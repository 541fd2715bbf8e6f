package io.github.resilientdb.test.proxy;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what goes through a proxy.
 */
final class TrafficCounter {

	private static final int TYPES = 128;

	private final AtomicLong connections = new AtomicLong();

	private final AtomicLong roundTrips = new AtomicLong();

	private final AtomicLongArray fromClient = new AtomicLongArray(TYPES);

	private final AtomicLongArray fromServer = new AtomicLongArray(TYPES);

	void countConnection() {
		this.connections.incrementAndGet();
	}

	void countRoundTrip() {
		this.roundTrips.incrementAndGet();
	}

	void countFromClient(byte type) {
		this.fromClient.incrementAndGet(type & (TYPES - 1));
	}

	void countFromServer(byte type) {
		this.fromServer.incrementAndGet(type & (TYPES - 1));
	}

	Traffic snapshot() {
		return new Traffic(this.connections.get(), this.roundTrips.get(), byType(this.fromClient),
				byType(this.fromServer));
	}

	private static Map<Character, Long> byType(AtomicLongArray counts) {
		Map<Character, Long> byType = new TreeMap<>();
		for (int type = 0; type < TYPES; type++) {
			long count = counts.get(type);
			if (count > 0) {
				byType.put((char) type, count);
			}
		}
		return byType;
	}

}
