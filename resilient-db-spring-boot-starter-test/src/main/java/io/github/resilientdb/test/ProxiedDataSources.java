package io.github.resilientdb.test;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import io.github.resilientdb.test.proxy.Encryption;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Points each data source to proxies, one per server, after all properties and connection
 * details were bound, and before a pool starts.
 */
final class ProxiedDataSources implements BeanPostProcessor, PriorityOrdered {

	// after the binding of properties (+1) and of connection details (+2). The starter
	// takes pools over at +3 too; what a test imports is registered before it
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 3;

	private static final Log logger = LogFactory.getLog(ProxiedDataSources.class);

	private final DisconnectProbe probe;

	private final Set<Object> seen = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

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
			pointToProxies(beanName, bean);
		}
		return bean;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof DataSource) {
			this.probe.lent().watch(beanName, bean);
		}
		return bean;
	}

	private void pointToProxies(String name, Object dataSource) {
		BeanWrapper wrapper = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
		if (isWrapper(wrapper) || !this.seen.add(dataSource)) {
			return;
		}
		if (wrapper.isReadableProperty("dataSource")
				&& wrapper.getPropertyValue("dataSource") instanceof DataSource inner) {
			pointToProxies(name, inner); // unless it is a bean itself, and has them
			return;
		}
		Address address = Address.of(wrapper);
		String url = address.url();
		PostgresUrl target = (url != null) ? PostgresUrl.parse(url) : null;
		if (target != null) {
			pointToProxies(name, address, target);
		}
		else {
			leaveAlone(name, (url != null) ? PostgresUrl.withoutParameters(url) + " is no URL of a PostgreSQL server"
					: address.advice());
		}
	}

	private void pointToProxies(String name, Address address, PostgresUrl target) {
		Encryption encryption = target.encryption(address.driverProperties());
		Source source = new Source(name, target, encryption, address.credentials());
		try {
			address.replace(target.through(source.ports()));
		}
		catch (BeansException ex) {
			source.close();
			this.probe.compareRows(Source.withoutProxies(name, target, address.credentials()));
			leaveAlone(name, "its pool has started; give it its URL without starting it (new HikariDataSource() and "
					+ "setJdbcUrl(...), or DataSourceBuilder)");
			return;
		}
		this.probe.add(source);
		logger.info("Prox%s before data source '%s' (%s); between them sslmode=disable%s".formatted(
				(source.ports().size() != 1) ? "ies on ports " + source.ports() : "y on port " + source.ports().get(0),
				name, target.hosts().stream().map(Object::toString).collect(Collectors.joining(", ")),
				switch (encryption) {
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

}
