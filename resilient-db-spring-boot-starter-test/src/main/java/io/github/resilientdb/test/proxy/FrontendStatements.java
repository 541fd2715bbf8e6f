package io.github.resilientdb.test.proxy;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Knows which SQL a message of the client executes: prepared statements are parsed under
 * a name, bound to a portal, and executed by the portal's name.
 */
final class FrontendStatements {

	private static final int BODY = 5;

	private final Map<String, String> statements = new HashMap<>();

	private final Map<String, String> portals = new HashMap<>();

	/**
	 * Look at a message.
	 * @param message the buffer, at the message
	 * @return the SQL that it executes, or {@code null} if it executes none
	 */
	@Nullable String observe(MessageBuffer message) {
		switch (message.type()) {
			case 'P' -> this.statements.put(message.stringInMessage(BODY, 0), message.stringInMessage(BODY, 1));
			case 'B' -> this.portals.put(message.stringInMessage(BODY, 0),
					this.statements.getOrDefault(message.stringInMessage(BODY, 1), ""));
			case 'C' -> forget(message);
			case 'E' -> {
				return this.portals.getOrDefault(message.stringInMessage(BODY, 0), "");
			}
			case 'Q' -> {
				return message.stringInMessage(BODY, 0);
			}
			default -> {
			}
		}
		return null;
	}

	private void forget(MessageBuffer message) {
		String name = message.stringInMessage(BODY + 1, 0);
		((message.byteInMessage(BODY) == 'S') ? this.statements : this.portals).remove(name);
	}

}
