package io.github.resilientdb.test;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Points each data source to a proxy, after all properties and connection details were
 * bound, and before a pool starts.
 */
final class ProxiedDataSources implements BeanPostProcessor, PriorityOrdered {

	// after the binding of properties (+1) and of connection details (+2). The starter
	// takes
	// pools over at +3 too; what a test imports is registered before it
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 3;

	private static final Log logger = LogFactory.getLog(ProxiedDataSources.class);

	private final DisconnectProbe probe;

	ProxiedDataSources(DisconnectProbe probe) {
		this.probe = probe;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof DataSource) {
			BeanWrapper wrapper = PropertyAccessorFactory.forBeanPropertyAccess(bean);
			if (!pointToProxy(beanName, wrapper, "jdbcUrl")) {
				pointToProxy(beanName, wrapper, "url");
			}
		}
		return bean;
	}

	private boolean pointToProxy(String name, BeanWrapper dataSource, String property) {
		if (!dataSource.isReadableProperty(property) || !dataSource.isWritableProperty(property)) {
			return false;
		}
		if (!(dataSource.getPropertyValue(property) instanceof String url)) {
			return false;
		}
		PostgresUrl target = PostgresUrl.parse(url);
		if (target == null) {
			logger.warn("No proxy before data source '%s': %s is no URL of one PostgreSQL server".formatted(name, url));
			return true;
		}
		Source source = Source.of(name, target, text(dataSource, "username"), text(dataSource, "password"));
		this.probe.add(source);
		dataSource.setPropertyValue(property, target.through(source.proxy().port()));
		logger.info("Proxy on port %d before data source '%s'; between them sslmode=disable%s".formatted(
				source.proxy().port(), name, target.isEncrypted() ? ", the proxy speaks TLS with the server" : ""));
		return true;
	}

	private static @Nullable String text(BeanWrapper dataSource, String property) {
		return dataSource.isReadableProperty(property) ? (String) dataSource.getPropertyValue(property) : null;
	}

}
