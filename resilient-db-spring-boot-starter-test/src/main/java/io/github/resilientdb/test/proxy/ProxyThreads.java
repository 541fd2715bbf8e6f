package io.github.resilientdb.test.proxy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads of a proxy.
 */
final class ProxyThreads {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	Thread start(String name, Runnable task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			finally {
				this.threads.remove(Thread.currentThread());
			}
		}, name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
		return thread;
	}

	/**
	 * Interrupt all threads, and wait until they have ended.
	 */
	void end() {
		this.threads.forEach(Thread::interrupt);
		this.threads.forEach(ProxyThreads::join);
	}

	static void join(Thread thread) {
		try {
			thread.join(PATIENCE.toMillis());
			if (thread.isAlive()) {
				throw new IllegalStateException("Thread " + thread.getName() + " did not end within " + PATIENCE);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
