package io.github.resilientdb.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One combination: a loss on a kind of connection.
 *
 * @param setup what the connection is like
 * @param access how it is used
 * @param loss what happens to it
 */
record Cell(Setup setup, Access access, Loss loss) {

	/**
	 * How many dimensions there are.
	 */
	static final int DIMENSIONS = 6;

	/**
	 * Return all cells, those of one setup one after the other.
	 */
	static List<Cell> all() {
		List<Cell> cells = new ArrayList<>();
		for (Setup setup : Setup.all()) {
			for (Access access : Access.values()) {
				for (Loss loss : Loss.values()) {
					cells.add(new Cell(setup, access, loss));
				}
			}
		}
		return cells;
	}

	/**
	 * Return the value in a dimension.
	 */
	Object value(int dimension) {
		return switch (dimension) {
			case 0 -> this.loss;
			case 1 -> this.setup.kind();
			case 2 -> this.setup.verification();
			case 3 -> this.setup.mode();
			case 4 -> this.setup.autoCommit();
			default -> this.access;
		};
	}

	@Override
	public String toString() {
		return "%s, %s, %s".formatted(this.loss, this.access, this.setup);
	}

	/**
	 * Whether a checkout takes a connection that was there.
	 */
	enum Mode {

		POOLED, NONE;

		String property() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * What connections are born with.
	 */
	enum AutoCommit {

		ON, OFF

	}

	/**
	 * What the application uses.
	 */
	enum Access {

		JPA, JDBC

	}

	/**
	 * How lost COMMITs are verified.
	 */
	enum Verification {

		NONE, XID, MARKER;

		String property() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * What an application is configured with.
	 *
	 * @param kind the kind of connection
	 * @param mode pooled or not
	 * @param autoCommit what connections are born with
	 * @param verification how lost COMMITs are verified
	 */
	record Setup(ConnectionKind kind, Mode mode, AutoCommit autoCommit, Verification verification) {

		static List<Setup> all() {
			List<Setup> setups = new ArrayList<>();
			for (ConnectionKind kind : ConnectionKind.values()) {
				for (Mode mode : Mode.values()) {
					for (AutoCommit autoCommit : AutoCommit.values()) {
						for (Verification verification : Verification.values()) {
							setups.add(new Setup(kind, mode, autoCommit, verification));
						}
					}
				}
			}
			return setups;
		}

		@Override
		public String toString() {
			return "%s, mode %s, auto-commit %s, verification %s".formatted(this.kind, this.mode, this.autoCommit,
					this.verification);
		}

	}

}
