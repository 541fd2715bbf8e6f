package com.example.bank.trial;

import java.util.Locale;

/**
 * The three ways to write the same method.
 */
public enum LaneKind {

	/**
	 * Spring's annotation, Spring Boot alone.
	 */
	PLAIN("@Transactional"),

	/**
	 * The same with a retry of Spring Framework around it.
	 */
	NAIVE("@Retryable"),

	/**
	 * The annotation of resilient-db.
	 */
	RETRYABLE("@RetryableTransaction");

	private final String annotation;

	LaneKind(String annotation) {
		this.annotation = annotation;
	}

	/**
	 * Return the annotation that makes the difference.
	 * @return the annotation, as it is written
	 */
	public String annotation() {
		return this.annotation;
	}

	/**
	 * Return the name as it is written in addresses.
	 * @return the name in lower case
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT);
	}

}
