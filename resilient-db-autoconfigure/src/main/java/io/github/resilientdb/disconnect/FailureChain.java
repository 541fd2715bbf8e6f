package io.github.resilientdb.disconnect;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionSystemException;

/**
 * The exceptions behind one, nearest first: next exceptions, causes, and what a rollback
 * exception replaced. Each once, and not more than a bounded number of them.
 */
final class FailureChain implements Iterable<Throwable> {

	private static final int MAX_LENGTH = 64;

	private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	private final List<Throwable> members = new ArrayList<>();

	private FailureChain() {
	}

	static FailureChain of(Throwable failure) {
		FailureChain chain = new FailureChain();
		chain.add(failure);
		chain.expand();
		return chain;
	}

	/**
	 * Return the chain of all that the members of this one suppressed.
	 * @return the suppressed exceptions and those behind them
	 */
	FailureChain suppressed() {
		FailureChain chain = new FailureChain();
		chain.seen.addAll(this.seen);
		for (Throwable member : this.members) {
			for (Throwable suppressed : member.getSuppressed()) {
				chain.add(suppressed);
			}
		}
		chain.expand();
		return chain;
	}

	@Override
	public Iterator<Throwable> iterator() {
		return this.members.iterator();
	}

	// members grows while it is walked
	private void expand() {
		for (int i = 0; i < this.members.size(); i++) {
			Throwable member = this.members.get(i);
			if (member instanceof SQLException exception) {
				add(exception.getNextException());
			}
			if (member instanceof TransactionSystemException exception) {
				add(exception.getApplicationException());
			}
			add(member.getCause());
		}
	}

	private void add(@Nullable Throwable failure) {
		if (failure != null && this.members.size() < MAX_LENGTH && this.seen.add(failure)) {
			this.members.add(failure);
		}
	}

}
