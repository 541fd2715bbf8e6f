package io.github.resilientdb.test.proxy;

import java.util.Map;
import java.util.TreeMap;

/**
 * What went through a proxy up to some moment, or between two.
 *
 * @param connections how many connections were opened
 * @param roundTrips how often clients sent something that the server must answer;
 * requests sent together, such as BEGIN and the first statement, are one
 * @param fromClient messages of clients by their type, as the protocol defines it
 * ({@code 'P'} is Parse, {@code 'Q'} is Query); start-up packets and encrypted traffic
 * don't count
 * @param fromServer messages of the server by their type
 */
public record Traffic(long connections, long roundTrips, Map<Character, Long> fromClient,
		Map<Character, Long> fromServer) {

	public Traffic {
		fromClient = Map.copyOf(fromClient);
		fromServer = Map.copyOf(fromServer);
	}

	/**
	 * Return what has been added since an earlier moment.
	 * @param earlier the traffic up to that moment
	 * @return the difference; types without messages are left out
	 */
	public Traffic since(Traffic earlier) {
		return new Traffic(this.connections - earlier.connections, this.roundTrips - earlier.roundTrips,
				subtract(this.fromClient, earlier.fromClient), subtract(this.fromServer, earlier.fromServer));
	}

	private static Map<Character, Long> subtract(Map<Character, Long> all, Map<Character, Long> earlier) {
		Map<Character, Long> difference = new TreeMap<>(all);
		earlier.forEach((type, count) -> difference.merge(type, -count, Long::sum));
		difference.values().removeIf((count) -> count == 0);
		return difference;
	}

	/**
	 * Return how many messages of a type clients sent.
	 * @param type the type
	 * @return how many
	 */
	public long fromClient(char type) {
		return this.fromClient.getOrDefault(type, 0L);
	}

	/**
	 * Return how many messages of a type the server sent.
	 * @param type the type
	 * @return how many
	 */
	public long fromServer(char type) {
		return this.fromServer.getOrDefault(type, 0L);
	}

	/**
	 * Return how many messages clients sent.
	 * @return how many, of all types
	 */
	public long messagesFromClient() {
		return this.fromClient.values().stream().mapToLong(Long::longValue).sum();
	}

}
