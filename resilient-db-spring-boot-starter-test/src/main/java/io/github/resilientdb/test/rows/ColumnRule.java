package io.github.resilientdb.test.rows;

import io.github.resilientdb.test.rows.Moments.Precision;

/**
 * How the values of a column are compared.
 *
 * @param kind how
 * @param origin the column that the keys come from; empty if there are none
 * @param precision how points in time are compared
 * @param times the points in time that there are without a fault
 */
record ColumnRule(Kind kind, String origin, Precision precision, Times times) {

	/**
	 * The origin of keys in a text that come from several columns.
	 */
	static final String ANY = "*";

	static final ColumnRule EXACT = new ColumnRule(Kind.EXACT, "", Precision.EXACT, Times.NONE);

	static final ColumnRule SHAPE = time(Precision.SHAPE);

	static ColumnRule time(Precision precision) {
		return new ColumnRule(Kind.TIME, "", precision, Times.NONE);
	}

	static ColumnRule key(String origin) {
		return new ColumnRule(Kind.KEY, origin, Precision.EXACT, Times.NONE);
	}

	static ColumnRule text(String origin, Precision precision) {
		return new ColumnRule(Kind.TEXT, origin, precision, Times.NONE);
	}

	ColumnRule with(Times learnt) {
		return new ColumnRule(this.kind, this.origin, this.precision, learnt);
	}

	/**
	 * The kinds of comparisons.
	 */
	enum Kind {

		/** The values are equal. */
		EXACT,

		/** They are points in time. */
		TIME,

		/** They are keys that correspond to each other. */
		KEY,

		/** They are texts, equal except for keys and points in time in them. */
		TEXT

	}

}
