package io.github.resilientdb.test;

/**
 * How the values of a column are compared.
 *
 * @param kind how
 * @param origin the column that the keys come from; empty if there are none
 */
record ColumnRule(Kind kind, String origin) {

	static final ColumnRule EXACT = new ColumnRule(Kind.EXACT, "");

	static final ColumnRule SHAPE = new ColumnRule(Kind.SHAPE, "");

	static ColumnRule key(String origin) {
		return new ColumnRule(Kind.KEY, origin);
	}

	static ColumnRule text(String origin) {
		return new ColumnRule(Kind.TEXT, origin);
	}

	/**
	 * The kinds of comparisons.
	 */
	enum Kind {

		/** The values are equal. */
		EXACT,

		/** Both are there, or neither. */
		SHAPE,

		/** They are keys that correspond to each other. */
		KEY,

		/** They are texts, equal except for keys and points in time in them. */
		TEXT

	}

}
