package io.github.resilientdb.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A median with its 95 % interval.
 *
 * @param median the median of all values
 * @param low the lower end of the interval
 * @param high the upper end of the interval
 */
record Estimate(double median, double low, double high) {

	private static final int RESAMPLES = 2000;

	/**
	 * Estimate the median. The interval comes from a bootstrap in two steps, first among
	 * the forks, then among the values of each, since the values of one JVM are more like
	 * each other than like those of another.
	 * @param forks the values of each fork
	 * @return the estimate
	 */
	static Estimate of(List<double[]> forks) {
		Random random = new Random(42); // the same values give the same interval
		double[] medians = new double[RESAMPLES];
		for (int i = 0; i < RESAMPLES; i++) {
			medians[i] = median(resample(forks, random));
		}
		Arrays.sort(medians);
		return new Estimate(median(concatenate(forks)), quantile(medians, 0.025), quantile(medians, 0.975));
	}

	private static double[] resample(List<double[]> forks, Random random) {
		double[][] resampled = new double[forks.size()][];
		for (int i = 0; i < resampled.length; i++) {
			double[] fork = forks.get(random.nextInt(forks.size()));
			resampled[i] = random.ints(fork.length, 0, fork.length).mapToDouble((index) -> fork[index]).toArray();
		}
		return concatenate(List.of(resampled));
	}

	private static double[] concatenate(List<double[]> forks) {
		return forks.stream().flatMapToDouble(Arrays::stream).toArray();
	}

	static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return quantile(sorted, 0.5);
	}

	private static double quantile(double[] sorted, double share) {
		double position = share * (sorted.length - 1);
		int below = (int) Math.floor(position);
		int above = (int) Math.ceil(position);
		return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
	}

}
