package io.github.resilientdb.matrix;

import java.util.List;
import java.util.function.Predicate;

/**
 * Cells that fail today. Each of them must: who mends one removes it here.
 *
 * @param reason why they fail
 * @param cells which cells
 */
record KnownFailure(String reason, Predicate<Cell> cells) {

	static final List<KnownFailure> ALL = List.of();

	static List<KnownFailure> of(Cell cell) {
		return ALL.stream().filter((known) -> known.cells().test(cell)).toList();
	}

}
