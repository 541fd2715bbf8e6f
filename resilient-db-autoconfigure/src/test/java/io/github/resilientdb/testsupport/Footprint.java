package io.github.resilientdb.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What this process holds at some moment: descriptors, threads, processes, and on the
 * server that the tests share sessions and rows of markers. Two of them tell what was
 * left behind in between.
 * <p>
 * Left out, since it outlives whoever needed it first and is not ours:
 * <ul>
 * <li>threads of the JVM and the JDK, one of each kind per process: cleaners, the reaper
 * of child processes, the common pool, timers, the flight recorder, pollers of virtual
 * threads, with their descriptors;
 * <li>JUnit's threads that watch the time, and Awaitility's;
 * <li>the driver's cleaner, which ends by itself after half a minute without work, and
 * its timer, one for all connections, which an aborted one lets go of when it is
 * collected;
 * <li>the thread that lets paused servers go on in the end, one for all;
 * <li>the process of the server that the tests share, which ends with the JVM;
 * <li>virtual threads, which nothing lists.
 * </ul>
 *
 * @param descriptors the open descriptors
 * @param threads the live threads
 * @param processes the processes that this one started
 * @param server what is on the shared server
 */
record Footprint(Descriptors descriptors, Set<Thread> threads, Map<Long, String> processes, ServerFootprint server) {

	private static final Predicate<String> NOT_OURS = Pattern.compile(
			"""
					^(Attach Listener|Signal Dispatcher|Finalizer|Reference Handler|Common-Cleaner|Cleaner-\\d+|Notification Thread\
					|Service Thread|C[12] CompilerThread\\d+|Monitor Deflation Thread|JVMCI.*|process reaper.*\
					|ForkJoinPool\\.commonPool-.*|ForkJoinPool-\\d+-worker-\\d+|CompletableFutureDelayScheduler|Keep-Alive-.*\
					|ForkJoinPool-\\d+-delayScheduler|(Read|Write|Master|Sub)-?Poller.*|VirtualThread-.*|JFR .*|DestroyJavaVM|main\
					|junit-.*|awaitility.*|surefire-.*|ping-.*|fork-.*|PostgreSQL-JDBC-Cleaner|PostgreSQL-JDBC-SharedTimer-\\d+|postgres-resumer)$""")
		.asMatchPredicate();

	// Virtual threads that wait share some of the JDK's, opened when the first one does
	private static final boolean POLLERS_OF_THE_JDK = Runtime.version().feature() >= 21;

	static {
		Ports.free(); // takes a descriptor, once
	}

	static Footprint now() {
		PostgresServer server = PostgresServer.shared(); // first: it takes descriptors
		return new Footprint(Descriptors.now(),
				Thread.getAllStackTraces()
					.keySet()
					.stream()
					.filter((thread) -> !NOT_OURS.test(thread.getName()))
					.collect(Collectors.toUnmodifiableSet()),
				children(), ServerFootprint.of(server));
	}

	private static Map<Long, String> children() {
		return ProcessHandle.current()
			.children()
			.filter(ProcessHandle::isAlive)
			.collect(Collectors.toMap(ProcessHandle::pid,
					(process) -> process.info().commandLine().orElseGet(process::toString), (one, other) -> one));
	}

	/**
	 * Return what there is now and was not there before.
	 * @param before the earlier moment
	 * @return all of it
	 */
	List<Leak> since(Footprint before) {
		List<Leak> leaks = new ArrayList<>(this.descriptors.since(before.descriptors));
		leaks.removeIf((leak) -> POLLERS_OF_THE_JDK && leak.what().contains("eventpoll"));
		this.threads.stream()
			.filter((thread) -> !before.threads.contains(thread) && thread.isAlive())
			.forEach((thread) -> leaks.add(new Leak(Leak.Kind.THREAD, describe(thread))));
		this.processes.forEach((pid, command) -> {
			if (!before.processes.containsKey(pid) && !isShared(pid, command)) {
				leaks.add(new Leak(Leak.Kind.PROCESS, pid + ": " + command));
			}
		});
		leaks.addAll(this.server.since(before.server));
		return leaks;
	}

	/**
	 * Whether it is the postmaster, or what waits for the end of the JVM to end it.
	 */
	private boolean isShared(long pid, String command) {
		return this.server.pid() == pid || command.endsWith("kill -QUIT " + this.server.pid());
	}

	private static String describe(Thread thread) {
		StackTraceElement[] stack = thread.getStackTrace();
		String places = List.of(stack)
			.subList(0, Math.min(6, stack.length))
			.stream()
			.map(StackTraceElement::toString)
			.collect(Collectors.joining(" < "));
		return "%s (%s%s) at %s".formatted(thread.getName(), thread.getState(), thread.isDaemon() ? ", daemon" : "",
				places);
	}

}
