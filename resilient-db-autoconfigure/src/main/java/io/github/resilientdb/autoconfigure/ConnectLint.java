package io.github.resilientdb.autoconfigure;

import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of URLs and settings of the JVM with which a failover takes longer than it need,
 * or ends at the wrong server.
 */
final class ConnectLint {

	private static final Logger logger = LoggerFactory.getLogger(ConnectLint.class);

	private static final String PREFIX = "jdbc:postgresql://";

	private static final String TARGET = "targetServerType";

	private static final Pattern LITERAL = Pattern.compile("\\[.*|[0-9.]*(:[0-9]+)?|localhost(:[0-9]+)?");

	private static final String DNS_TTL = "networkaddress.cache.ttl";

	private final Duration deadline;

	private final boolean deadlineIsSet;

	private final AtomicBoolean told = new AtomicBoolean();

	ConnectLint(Duration deadline, boolean deadlineIsSet) {
		this.deadline = deadline;
		this.deadlineIsSet = deadlineIsSet;
	}

	void check(String beanName, HikariDataSource dataSource) {
		String url = dataSource.getJdbcUrl();
		if (url == null || !url.startsWith(PREFIX)) {
			return;
		}
		String hosts = url.substring(PREFIX.length()).split("[/?]", 2)[0];
		if (hosts.contains(",")) {
			checkHosts(beanName, url, dataSource);
		}
		checkNames(beanName, hosts);
	}

	private void checkHosts(String beanName, String url, HikariDataSource dataSource) {
		if (!url.contains(TARGET) && !dataSource.getDataSourceProperties().containsKey(TARGET)) {
			logger.atWarn()
				.addKeyValue("bean", beanName)
				.log("DataSource '{}': the URL has several hosts, and the first that answers is used, even if it is "
						+ "a standby. Set targetServerType=primary in the URL", beanName);
		}
		if (!this.deadlineIsSet && this.told.compareAndSet(false, true)) {
			logger.atInfo()
				.addKeyValue("bean", beanName)
				.addKeyValue("property", "resilientdb.retry.deadline")
				.log("DataSource '{}': the URL has several hosts, and a failover may take longer than a call keeps "
						+ "trying ({}): with Patroni's defaults, the lease of a lost primary alone lasts 30s. "
						+ "Set resilientdb.retry.deadline to 60s, if callers can wait", beanName,
						WrittenValues.of(this.deadline));
		}
	}

	private static void checkNames(String beanName, String hosts) {
		String ttl = dnsTtl();
		if (ttl != null && ttl.startsWith("-")
				&& !Arrays.stream(hosts.split(",")).allMatch((host) -> LITERAL.matcher(host).matches())) {
			logger.atWarn()
				.addKeyValue("bean", beanName)
				.addKeyValue("property", DNS_TTL)
				.log("DataSource '{}': this JVM keeps addresses for ever ({}={}), so it would not find a database that "
						+ "has moved. Set the security property {} to 5", beanName, DNS_TTL, ttl, DNS_TTL);
		}
	}

	private static @Nullable String dnsTtl() {
		String ttl = Security.getProperty(DNS_TTL);
		return (ttl != null) ? ttl : System.getProperty("sun.net.inetaddr.ttl");
	}

}
