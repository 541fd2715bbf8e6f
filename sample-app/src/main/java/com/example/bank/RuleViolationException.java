package com.example.bank;

/**
 * The bank does not do that. Nothing was changed.
 */
@SuppressWarnings("serial")
public class RuleViolationException extends RuntimeException {

	RuleViolationException(String message) {
		super(message);
	}

	static void check(boolean rule, String message) {
		if (!rule) {
			throw new RuleViolationException(message);
		}
	}

}
