package io.github.resilientdb.pool.connect;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import com.zaxxer.hikari.util.UtilityElf;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Makes the connector that does what HikariCP would do with its configuration, in
 * HikariCP's order of precedence: a {@code DataSource}, its class name, a URL, JNDI.
 */
final class Connectors {

	private static final boolean POSTGRES = ClassUtils.isPresent("org.postgresql.Driver",
			Connectors.class.getClassLoader());

	private Connectors() {
	}

	static Connector of(HikariConfig config) {
		Connector connector = direct(config);
		return (connector.probeUnavailable() != null) ? new BoundedConnector(connector) : connector;
	}

	private static Connector direct(HikariConfig config) {
		if (config.getDataSource() != null) {
			return new DataSourceConnector(config.getDataSource(), "a DataSource is configured");
		}
		if (config.getDataSourceClassName() != null) {
			DataSource dataSource = UtilityElf.createInstance(config.getDataSourceClassName(), DataSource.class);
			PropertyElf.setTargetFromProperties(dataSource, config.getDataSourceProperties());
			return new DataSourceConnector(dataSource, "a dataSourceClassName is configured");
		}
		if (config.getJdbcUrl() != null) {
			return ofUrl(config, config.getJdbcUrl());
		}
		Assert.state(config.getDataSourceJNDI() != null,
				"Invalid pool '%s': needs a URL, a DataSource or its class name".formatted(config.getPoolName()));
		return new DataSourceConnector(lookup(config.getDataSourceJNDI()), "a JNDI DataSource is configured");
	}

	private static Connector ofUrl(HikariConfig config, String url) {
		Properties properties = new Properties();
		properties.putAll(config.getDataSourceProperties());
		String unsupported = "the driver is not PostgreSQL's own";
		Driver driver = driver(config.getDriverClassName(), url);
		if (POSTGRES && driver != null) {
			unsupported = PostgresConnector.unsupported(driver, url, properties);
			if (unsupported == null) {
				return PostgresConnector.of(driver, url, properties);
			}
			if (PostgresConnector.isPostgres(driver, url)) {
				return new ForeignSocketConnector(driver, url,
						withCredentials(properties, config.getUsername(), config.getPassword()), unsupported);
			}
		}
		return new DataSourceConnector(new DriverDataSource(url, config.getDriverClassName(), properties,
				config.getUsername(), config.getPassword()), unsupported);
	}

	/**
	 * Copy the properties of a driver.
	 * @param properties the properties
	 * @param username the user, {@code null} for the one that they name
	 * @param password the password, {@code null} for the one that they name
	 */
	static Properties withCredentials(Properties properties, @Nullable String username, @Nullable String password) {
		Properties result = new Properties();
		result.putAll(properties);
		if (username != null) {
			result.setProperty("user", username);
		}
		if (password != null) {
			result.setProperty("password", password);
		}
		return result;
	}

	/**
	 * Find the driver, if it is simply the one that accepts the URL. Whatever is less
	 * simple is left to HikariCP.
	 */
	private static @Nullable Driver driver(@Nullable String className, String url) {
		try {
			Driver driver = DriverManager.getDriver(url);
			return (className == null || driver.getClass().getName().equals(className)) ? driver : null;
		}
		catch (SQLException ex) {
			return null;
		}
	}

	@SuppressWarnings("BanJNDI") // the name is the operator's configuration
	private static DataSource lookup(String name) {
		try {
			return (DataSource) new InitialContext().lookup(name);
		}
		catch (NamingException ex) {
			throw new IllegalStateException("Invalid JNDI name '%s': no DataSource found".formatted(name), ex);
		}
	}

}
