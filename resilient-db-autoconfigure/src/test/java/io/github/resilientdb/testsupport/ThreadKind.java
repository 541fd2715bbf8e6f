package io.github.resilientdb.testsupport;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The kinds of threads that JDBC is called on; virtual ones are made by reflection since
 * the tests compile for Java 17.
 */
public enum ThreadKind {

	PLATFORM {

		@Override
		public Thread unstarted(Runnable task) {
			return new Thread(task);
		}

	},

	VIRTUAL {

		@Override
		public Thread unstarted(Runnable task) {
			try {
				Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
				return (Thread) Class.forName("java.lang.Thread$Builder")
					.getMethod("unstarted", Runnable.class)
					.invoke(builder, task);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	};

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	public abstract Thread unstarted(Runnable task);

	public <T> Running<T> start(Callable<T> task) {
		FutureTask<T> future = new FutureTask<>(task);
		Thread thread = unstarted(future);
		thread.start();
		return new Running<>(thread, future);
	}

	public <T> T call(Callable<T> task) throws Exception {
		return start(task).result();
	}

	public static Stream<ThreadKind> available() {
		return Arrays.stream(values()).filter((kind) -> kind == PLATFORM || Runtime.version().feature() >= 21);
	}

	public record Running<T>(Thread thread, FutureTask<T> future) {

		public T result() throws Exception {
			return this.future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

}
