package io.github.resilientdb.retry.method;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.resilientdb.CallName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The methods that patterns have selected so far.
 */
public final class SelectedMethods {

	private static final Logger logger = LoggerFactory.getLogger(SelectedMethods.class);

	private static final int MAX_LOGGED = 20;

	private final Set<String> names = new TreeSet<>();

	private final Set<String> unused;

	// those that match annotated methods alone
	private final Set<String> superfluous = new LinkedHashSet<>();

	public SelectedMethods(List<String> patterns) {
		this.unused = new LinkedHashSet<>(patterns);
	}

	public synchronized void add(CallName call, String pattern) {
		this.names.add(call.toString());
		this.unused.remove(pattern);
		this.superfluous.remove(pattern);
	}

	/**
	 * Remember that a method is rerun anyway.
	 * @param pattern the pattern that matches it, {@code null} if there is none
	 */
	synchronized void addAnnotated(@Nullable String pattern) {
		if (pattern != null && this.unused.remove(pattern)) {
			this.superfluous.add(pattern);
		}
	}

	/**
	 * Return the names of the methods.
	 * @return the names, sorted
	 */
	public synchronized List<String> names() {
		return List.copyOf(this.names);
	}

	/**
	 * Say in one line what was selected, if there are patterns.
	 */
	public synchronized void log() {
		if (!this.names.isEmpty()) {
			int more = this.names.size() - MAX_LOGGED;
			logger.atInfo()
				.addKeyValue("methods", this.names.size())
				.log("{} selects {} methods that are rerun as if annotated: {}{}{}", Selection.METHODS,
						this.names.size(), this.names.stream().limit(MAX_LOGGED).collect(Collectors.joining(", ")),
						(more > 0) ? " and " + more + " more" : "", list("; none so far for ", this.unused)
								+ list("; only annotated ones match ", this.superfluous));
		}
		else if (!this.unused.isEmpty()) {
			logger.warn("{} selects no method that begins a transaction{}{}", Selection.METHODS,
					list(": ", this.unused), list("; only annotated ones match ", this.superfluous));
		}
		else if (!this.superfluous.isEmpty()) {
			logger.info("{} changes nothing: the methods that it matches are annotated already{}", Selection.METHODS,
					list(": ", this.superfluous));
		}
	}

	private static String list(String introduction, Collection<String> patterns) {
		return patterns.isEmpty() ? "" : introduction + String.join(", ", patterns);
	}

}
