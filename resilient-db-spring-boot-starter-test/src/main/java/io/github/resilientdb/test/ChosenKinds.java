package io.github.resilientdb.test;

import java.util.EnumSet;
import java.util.Set;

/**
 * The kinds of faults that a scenario uses: all, unless it names some, but not those that
 * it leaves out.
 */
final class ChosenKinds {

	private final Set<FaultKind> only = EnumSet.noneOf(FaultKind.class);

	private final Set<FaultKind> without = EnumSet.noneOf(FaultKind.class);

	void only(Set<FaultKind> kinds) {
		this.only.clear();
		this.only.addAll(kinds);
	}

	void without(Set<FaultKind> kinds) {
		this.without.clear();
		this.without.addAll(kinds);
	}

	/**
	 * Return the kinds.
	 * @throws IllegalStateException if a kind is both named and left out, or none is left
	 */
	Set<FaultKind> get() {
		Set<FaultKind> both = EnumSet.copyOf(this.only);
		both.retainAll(this.without);
		if (!both.isEmpty()) {
			throw new IllegalStateException(
					"%s is both in kinds(...) and in withoutKinds(...): take it out of one of them"
						.formatted(both.iterator().next()));
		}
		Set<FaultKind> chosen = this.only.isEmpty() ? EnumSet.complementOf(EnumSet.copyOf(this.without))
				: EnumSet.copyOf(this.only);
		if (chosen.isEmpty()) {
			throw new IllegalStateException(
					"withoutKinds(...) leaves out all kinds of faults: nothing would be tested");
		}
		return chosen;
	}

}
