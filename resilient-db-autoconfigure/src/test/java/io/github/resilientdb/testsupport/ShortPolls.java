package io.github.resilientdb.testsupport;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets Awaitility look at once, and soon again: by default each wait takes a tenth of a
 * second at least, and there are thousands. And lets it wait for half a minute, since a
 * machine that is busy may take more than the ten seconds that are the default. Found by
 * JUnit itself, so no class needs to name it.
 */
public final class ShortPolls implements BeforeAllCallback {

	private static final Duration SHORTEST = Duration.ofMillis(2);

	private static final Duration LONGEST = Duration.ofMillis(100);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(ShortPolls::next, SHORTEST));
		Awaitility.setDefaultTimeout(PATIENCE);
	}

	static Duration next(Duration last) {
		Duration next = last.multipliedBy(2);
		return (next.compareTo(LONGEST) > 0) ? LONGEST : next;
	}

}
