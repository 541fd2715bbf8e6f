package io.github.resilientdb.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;

import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Holds every class of tests with a server to what it found: descriptors, threads,
 * processes, sessions on the shared server and rows of markers are at its end those of
 * its beginning. Found by JUnit itself, so no class needs to name it.
 * <p>
 * The beginning is before the class's own {@code @BeforeAll}, the end is after its
 * {@code @AfterAll} and after Spring has closed its context ({@link ContextClosing}).
 * What ends by itself is waited for. What is left out is written at {@link Footprint},
 * {@link Descriptors} and {@link ServerFootprint}.
 */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback {

	private static final Namespace NAMESPACE = Namespace.create(LeakExtension.class);

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	/**
	 * How long what is known to leak is given to be still there.
	 */
	private static final Duration SETTLING = Duration.ofSeconds(1);

	private static final long PAUSE_MILLIS = 100;

	@Override
	public void beforeAll(ExtensionContext context) {
		if (isConcerned(context)) {
			context.getStore(NAMESPACE).put(Footprint.class, Footprint.now());
		}
	}

	@Override
	public void afterAll(ExtensionContext context) throws InterruptedException {
		Footprint before = context.getStore(NAMESPACE).remove(Footprint.class, Footprint.class);
		if (before != null) {
			List<KnownLeak> known = AnnotationSupport.findRepeatableAnnotations(context.getRequiredTestClass(),
					KnownLeak.class);
			judge(context.getDisplayName(), known, settle(before, known));
		}
	}

	private static boolean isConcerned(ExtensionContext context) {
		Class<?> testClass = context.getRequiredTestClass();
		return testClass.getEnclosingClass() == null && testClass.getSimpleName().endsWith("IntegrationTests");
	}

	private static List<Leak> settle(Footprint before, List<KnownLeak> known) throws InterruptedException {
		if (!known.isEmpty()) {
			Thread.sleep(SETTLING.toMillis());
		}
		long until = System.nanoTime() + PATIENCE.toNanos();
		while (true) {
			List<Leak> left = Footprint.now().since(before);
			if (unexpected(left, known).isEmpty() || System.nanoTime() - until > 0) {
				return left;
			}
			collectAbandonedHttpClients(left);
			Thread.sleep(PAUSE_MILLIS);
		}
	}

	/**
	 * The JDK's HTTP client can't be closed before Java 21: it ends when it is collected.
	 * Nothing else is, since that would close sockets that were forgotten, too.
	 */
	private static void collectAbandonedHttpClients(List<Leak> left) {
		if (left.stream().anyMatch((leak) -> leak.what().startsWith("HttpClient-"))) {
			System.gc();
		}
	}

	static void judge(String name, List<KnownLeak> known, List<Leak> left) {
		List<String> complaints = new ArrayList<>();
		unexpected(left, known).forEach((leak) -> complaints.add("left behind: " + leak));
		for (KnownLeak leak : known) {
			if (left.stream().noneMatch((one) -> matches(leak, one))) {
				complaints.add("no longer left behind, @KnownLeak is to be removed: " + leak);
			}
		}
		if (!complaints.isEmpty()) {
			throw new AssertionError(complaints.stream()
				.collect(Collectors.joining("\n  ", name + " leaks, or knows leaks that are none\n  ", "")));
		}
	}

	private static List<Leak> unexpected(List<Leak> left, List<KnownLeak> known) {
		return left.stream().filter((leak) -> known.stream().noneMatch((one) -> matches(one, leak))).toList();
	}

	private static boolean matches(KnownLeak known, Leak leak) {
		return known.kind() == leak.kind() && Pattern.compile(known.what()).matcher(leak.what()).find();
	}

	/**
	 * Closes the application context of a test class at its end. No two classes share
	 * one, having databases of their own, and what is left can be counted only without
	 * the pool and the threads of a context that is kept for nobody.
	 */
	public static final class ContextClosing implements TestExecutionListener {

		@Override
		public void afterTestClass(TestContext testContext) {
			if (testContext.hasApplicationContext()) {
				testContext.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
			}
		}

	}

}
