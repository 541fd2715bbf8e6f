package io.github.resilientdb.matrix;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses some of the cells so that each pair of values that any cell has is in one of
 * them. Greedy and deterministic: the cell with the most new pairs is next, preferably
 * one whose setup is needed anyway, otherwise the first.
 */
final class PairwiseCover {

	private PairwiseCover() {
	}

	static List<Cell> of(List<Cell> cells) {
		Set<Pair> missing = new HashSet<>();
		cells.forEach((cell) -> missing.addAll(pairs(cell)));
		Set<Cell> chosen = new HashSet<>();
		Set<Cell.Setup> setups = new HashSet<>();
		while (!missing.isEmpty()) {
			Cell next = next(cells, missing, setups);
			chosen.add(next);
			setups.add(next.setup());
			missing.removeAll(pairs(next));
		}
		return cells.stream().filter(chosen::contains).toList();
	}

	private static Cell next(List<Cell> cells, Set<Pair> missing, Set<Cell.Setup> setups) {
		Cell best = cells.get(0);
		int most = -1;
		for (Cell cell : cells) {
			int worth = 2 * (int) pairs(cell).stream().filter(missing::contains).count()
					+ (setups.contains(cell.setup()) ? 1 : 0);
			if (worth > most) {
				most = worth;
				best = cell;
			}
		}
		return best;
	}

	static List<Pair> pairs(Cell cell) {
		List<Pair> pairs = new ArrayList<>();
		for (int i = 0; i < Cell.DIMENSIONS; i++) {
			for (int j = i + 1; j < Cell.DIMENSIONS; j++) {
				pairs.add(new Pair(cell.value(i), cell.value(j)));
			}
		}
		return pairs;
	}

	/**
	 * Two values of two dimensions.
	 */
	record Pair(Object one, Object other) {

	}

}
