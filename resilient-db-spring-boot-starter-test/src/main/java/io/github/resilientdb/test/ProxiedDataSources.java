package io.github.resilientdb.test;

import java.util.Properties;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
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
	// takes pools over at +3 too; what a test imports is registered before it
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
			if (!isWrapper(wrapper)) {
				pointToProxy(beanName, wrapper);
			}
		}
		return bean;
	}

	private void pointToProxy(String name, BeanWrapper dataSource) {
		String property = (text(dataSource, "jdbcUrl") != null) ? "jdbcUrl" : "url";
		String url = text(dataSource, property);
		if (url != null) {
			pointToProxy(name, dataSource, property, url);
		}
		else {
			leaveAlone(name, "it has no URL; give it one instead of a dataSourceClassName");
		}
	}

	private void pointToProxy(String name, BeanWrapper dataSource, String property, String url) {
		PostgresUrl target = PostgresUrl.parse(url);
		if (target == null) {
			leaveAlone(name, PostgresUrl.withoutParameters(url) + " is no URL of one PostgreSQL server");
			return;
		}
		Properties driver = driverProperties(dataSource);
		String username = text(dataSource, "username");
		Source source = Source.of(name, target, driver, (username != null) ? username : text(dataSource, "user"),
				text(dataSource, "password"));
		try {
			dataSource.setPropertyValue(property, target.through(source.proxy().port()));
		}
		catch (BeansException ex) {
			source.close();
			leaveAlone(name, "its pool has started; give it its URL without starting it (new HikariDataSource() and "
					+ "setJdbcUrl(...), or DataSourceBuilder)");
			return;
		}
		this.probe.add(source);
		logger.info("Proxy on port %d before data source '%s'; between them sslmode=disable%s"
			.formatted(source.proxy().port(), name, switch (target.encryption(driver)) {
				case NEVER -> "";
				case IF_OFFERED -> ", the proxy speaks TLS with the server if that offers it";
				case REQUIRED -> ", the proxy speaks TLS with the server";
			}));
	}

	private void leaveAlone(String name, String reason) {
		logger.warn("No proxy before data source '%s': %s".formatted(name, reason));
		this.probe.leaveAlone(name, reason);
	}

	/**
	 * What passes calls on to other beans needs no proxy of its own.
	 */
	private static boolean isWrapper(BeanWrapper dataSource) {
		return dataSource.isReadableProperty("targetDataSource") || dataSource.isWritableProperty("targetDataSources");
	}

	private static Properties driverProperties(BeanWrapper dataSource) {
		return (dataSource.isReadableProperty("dataSourceProperties")
				&& dataSource.getPropertyValue("dataSourceProperties") instanceof Properties properties) ? properties
						: new Properties();
	}

	private static @Nullable String text(BeanWrapper dataSource, String property) {
		return (dataSource.isReadableProperty(property) && dataSource.getPropertyValue(property) instanceof String text)
				? text : null;
	}

}
