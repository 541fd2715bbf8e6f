package com.example.bank.network;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Knows which SQL a message of the client executes. From its fifth use on, the driver
 * sends a statement's name instead of its text: a statement is parsed under a name, bound
 * to a portal, and executed by the portal's name.
 */
class Statements {

	private static final Pattern COMMIT = Pattern.compile("(^|;)\\s*(COMMIT|END)(\\s+(WORK|TRANSACTION))?\\s*(;\\s*)?$",
			Pattern.CASE_INSENSITIVE);

	private final Map<String, String> statements = new HashMap<>();

	private final Map<String, String> portals = new HashMap<>();

	/**
	 * Look at a message.
	 * @param type its type
	 * @param body what follows the type and the length
	 * @return whether it executes a COMMIT
	 */
	boolean commits(byte type, byte[] body) {
		String sql = executed(type, body);
		return sql != null && COMMIT.matcher(sql).find();
	}

	private @Nullable String executed(byte type, byte[] body) {
		String first = text(body, 0);
		switch (type) {
			case 'P' -> this.statements.put(first, text(body, end(body, 0) + 1));
			case 'B' -> this.portals.put(first, this.statements.getOrDefault(text(body, end(body, 0) + 1), ""));
			case 'C' -> ((body[0] == 'S') ? this.statements : this.portals).remove(text(body, 1));
			case 'E' -> {
				return this.portals.get(first);
			}
			case 'Q' -> {
				return first;
			}
			default -> {
			}
		}
		return null;
	}

	private static String text(byte[] body, int from) {
		return (from < body.length) ? new String(body, from, end(body, from) - from, StandardCharsets.UTF_8) : "";
	}

	private static int end(byte[] body, int from) {
		int end = from;
		while (end < body.length && body[end] != 0) {
			end++;
		}
		return end;
	}

}
