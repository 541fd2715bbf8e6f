package io.github.resilientdb.pool;

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
enum ThreadKind {

	PLATFORM {

		@Override
		Thread unstarted(Runnable task) {
			return new Thread(task);
		}

	},

	VIRTUAL {

		@Override
		Thread unstarted(Runnable task) {
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

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	abstract Thread unstarted(Runnable task);

	<T> Running<T> start(Callable<T> task) {
		FutureTask<T> future = new FutureTask<>(task);
		Thread thread = unstarted(future);
		thread.start();
		return new Running<>(thread, future);
	}

	<T> T call(Callable<T> task) throws Exception {
		return start(task).result();
	}

	static Stream<ThreadKind> available() {
		return Arrays.stream(values()).filter((kind) -> kind == PLATFORM || Runtime.version().feature() >= 21);
	}

	record Running<T>(Thread thread, FutureTask<T> future) {

		T result() throws Exception {
			return this.future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

}
