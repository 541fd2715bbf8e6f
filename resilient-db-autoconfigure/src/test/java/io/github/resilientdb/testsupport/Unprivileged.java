package io.github.resilientdb.testsupport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to run programs that refuse to be run by root, or by a user without a name: in a
 * user namespace of their own, or as {@code nobody} where there are no namespaces. An
 * ordinary user just runs them.
 */
enum Unprivileged {

	ORDINARY_USER(List.of()),

	USER_NAMESPACE(List.of("unshare", "-U")),

	NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

	private static final Unprivileged CURRENT = detect();

	private final List<String> prefix;

	Unprivileged(List<String> prefix) {
		this.prefix = prefix;
	}

	private static Unprivileged detect() {
		boolean root = new Command("sh", "-c", "[ \"$(id -u)\" = 0 ]").succeeds();
		boolean named = new Command("id", "-un").succeeds();
		if (named && !root) {
			return ORDINARY_USER;
		}
		if (new Command("unshare", "-U", "true").succeeds()) {
			return USER_NAMESPACE;
		}
		return (root ? NOBODY : ORDINARY_USER);
	}

	static List<String> command(List<String> line) {
		List<String> command = new ArrayList<>(CURRENT.prefix);
		command.addAll(line);
		return command;
	}

	/**
	 * Let the programs own a directory and what is in it.
	 */
	static void handOver(Path directory) {
		if (CURRENT == NOBODY) {
			new Command("chown", "-R", "65534:65534", directory.toString()).run();
		}
	}

}
