package io.github.resilientdb.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.sun.management.ThreadMXBean;

/**
 * The threads that run the operations.
 */
final class Workers implements AutoCloseable {

	private static final ThreadMXBean ALLOCATION = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final int threads;

	private final ExecutorService executor;

	private final CyclicBarrier barrier;

	private volatile long start;

	Workers(int threads) {
		this.threads = threads;
		this.executor = Executors.newFixedThreadPool(threads);
		this.barrier = new CyclicBarrier(threads, () -> this.start = System.nanoTime());
	}

	/**
	 * Run an operation over and over.
	 * @param operation the operation
	 * @param times how often each thread runs it
	 * @return what that took
	 */
	Block run(Operation operation, int times) throws InterruptedException, ExecutionException {
		List<Share> shares = new ArrayList<>();
		for (Future<Share> share : this.executor
			.invokeAll(Collections.nCopies(this.threads, share(operation, times)))) {
			shares.add(share.get());
		}
		long end = shares.stream().mapToLong(Share::end).reduce(this.start, (a, b) -> (b - a > 0) ? b : a);
		double count = (double) times * this.threads;
		return new Block((end - this.start) / count, shares.stream().mapToLong(Share::bytes).sum() / count);
	}

	private Callable<Share> share(Operation operation, int times) {
		return () -> {
			this.barrier.await();
			long bytes = ALLOCATION.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < times; i++) {
				operation.run();
			}
			return new Share(System.nanoTime(), ALLOCATION.getCurrentThreadAllocatedBytes() - bytes);
		};
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * What many operations took, each, on average.
	 *
	 * @param nanos how long
	 * @param bytes how much memory they allocated
	 */
	record Block(double nanos, double bytes) {

	}

	private record Share(long end, long bytes) {

	}

}
