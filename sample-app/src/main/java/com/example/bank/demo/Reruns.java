package com.example.bank.demo;

import java.util.concurrent.atomic.LongAdder;

import io.github.resilientdb.AttemptListener;

/**
 * Counts the reruns.
 */
class Reruns implements AttemptListener {

	private final LongAdder count = new LongAdder();

	@Override
	public void attemptDiscarded() {
		this.count.increment();
	}

	long count() {
		return this.count.sum();
	}

}
