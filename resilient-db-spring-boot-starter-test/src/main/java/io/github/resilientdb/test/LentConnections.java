package io.github.resilientdb.test;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;

/**
 * How many connections of HikariCP pools are lent, without HikariCP on the class path.
 * One that a method never returns is missing from all scenarios after it.
 */
final class LentConnections {

	private static final String POOL = "hikariPoolMXBean";

	private static final String SIZE = "maximumPoolSize";

	private final Map<String, Object> dataSources = new ConcurrentHashMap<>();

	private final Duration patience;

	/**
	 * Create it.
	 * @param patience how long a thread beside the method may still need its connection
	 */
	LentConnections(Duration patience) {
		this.patience = patience;
	}

	void watch(String name, Object dataSource) {
		if (PropertyAccessorFactory.forBeanPropertyAccess(dataSource).isReadableProperty(POOL)) {
			this.dataSources.put(name, dataSource);
		}
	}

	Map<String, Integer> count() {
		Map<String, Integer> counts = new LinkedHashMap<>();
		this.dataSources.forEach((name, dataSource) -> counts.put(name, count(dataSource)));
		return counts;
	}

	private static int count(Object dataSource) {
		Object pool = PropertyAccessorFactory.forBeanPropertyAccess(dataSource).getPropertyValue(POOL);
		return (pool != null && PropertyAccessorFactory.forBeanPropertyAccess(pool)
			.getPropertyValue("activeConnections") instanceof Integer count) ? count : 0;
	}

	/**
	 * Say which connections a run has not returned, and let the pools grow by as many, so
	 * that the runs after it find what this one found.
	 * @param before how many were lent before the run
	 * @return what the finding says, empty if all are back
	 */
	String left(Map<String, Integer> before) throws InterruptedException {
		long deadline = System.nanoTime() + this.patience.toNanos();
		while (!lentSince(before).isEmpty() && System.nanoTime() < deadline) {
			Thread.sleep(5);
		}
		StringBuilder text = new StringBuilder();
		lentSince(before).forEach((name, left) -> {
			enlarge(name, left);
			text.append("%s%d of '%s' lent and not returned; its pool may now hold as many more%n".formatted(Judge.LENT,
					left, name));
		});
		return text.toString();
	}

	private void enlarge(String name, int left) {
		Object dataSource = this.dataSources.get(name);
		if (dataSource != null) {
			BeanWrapper wrapper = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
			if (wrapper.getPropertyValue(SIZE) instanceof Integer size) {
				wrapper.setPropertyValue(SIZE, size + left);
			}
		}
	}

	private Map<String, Integer> lentSince(Map<String, Integer> before) {
		Map<String, Integer> since = count();
		since.replaceAll((name, lent) -> lent - before.getOrDefault(name, 0));
		since.values().removeIf((left) -> left <= 0);
		return since;
	}

}
