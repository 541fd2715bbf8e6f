package io.github.resilientdb.matrix;

import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import javax.net.ssl.SSLSocket;

import com.zaxxer.hikari.HikariConfig;
import io.github.resilientdb.testsupport.FaultProxy;
import org.postgresql.PGConnection;
import org.postgresql.core.PGStream;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PgConnection;

import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application may be configured to connect by, and how one sees that it does.
 */
enum ConnectionKind {

	/**
	 * The driver, on a socket of the starter's.
	 */
	OURS {

		@Override
		void verify(Connection connection, Socket socket) {
			assertThat(socket).isNotInstanceOf(SSLSocket.class);
			assertThat(isOfStarter(socket)).as("%s is the starter's", socket.getClass()).isTrue();
		}

	},

	/**
	 * The driver, with TLS on a socket of the starter's.
	 */
	TLS {

		@Override
		void configure(HikariConfig config, FaultProxy proxy, String database) {
			config.setJdbcUrl(proxy.jdbcUrl(database) + "?sslmode=require");
		}

		@Override
		void verify(Connection connection, Socket socket) {
			assertThat(socket).isInstanceOf(SSLSocket.class);
		}

	},

	/**
	 * The driver, with the user's {@code socketFactory}.
	 */
	FOREIGN_SOCKET_FACTORY {

		@Override
		void configure(HikariConfig config, FaultProxy proxy, String database) {
			config.setJdbcUrl(
					proxy.jdbcUrl(database) + "?sslmode=disable&socketFactory=" + ForeignSocketFactory.class.getName());
		}

		@Override
		void verify(Connection connection, Socket socket) {
			assertThat(socket).isInstanceOf(ForeignSocketFactory.ForeignSocket.class);
		}

	},

	/**
	 * The driver's DataSource, by its class name.
	 */
	DATA_SOURCE_CLASS {

		@Override
		void configure(HikariConfig config, FaultProxy proxy, String database) {
			config.setDataSourceClassName(PGSimpleDataSource.class.getName());
			Properties properties = new Properties();
			properties.setProperty("url", proxy.jdbcUrl(database) + "?sslmode=disable&tcpKeepAlive=true");
			config.setDataSourceProperties(properties);
		}

		@Override
		void verify(Connection connection, Socket socket) {
			assertThat(socket).isExactlyInstanceOf(Socket.class);
		}

	},

	/**
	 * A driver that wraps the driver.
	 */
	WRAPPING_DRIVER {

		@Override
		void configure(HikariConfig config, FaultProxy proxy, String database) {
			WrappingDriver.register();
			config.setJdbcUrl(WrappingDriver.PREFIX + proxy.jdbcUrl(database) + "?sslmode=disable");
		}

		@Override
		void verify(Connection connection, Socket socket) throws SQLException {
			assertThat(connection.isWrapperFor(WrappingDriver.Wrapper.class)).isTrue();
		}

	};

	/**
	 * Configure a pool that has these connections.
	 * @param config its configuration
	 * @param proxy what to connect to
	 * @param database the database
	 */
	void configure(HikariConfig config, FaultProxy proxy, String database) {
		config.setJdbcUrl(proxy.jdbcUrl(database) + "?sslmode=disable");
	}

	/**
	 * Fail unless a connection is of this kind.
	 * @param connection the connection, as it is lent
	 */
	final void verify(Connection connection) throws SQLException {
		PgConnection driver = (PgConnection) connection.unwrap(PGConnection.class);
		PGStream stream = (PGStream) ReflectionTestUtils.getField(driver.getQueryExecutor(), "pgStream");
		verify(connection, stream.getSocket());
	}

	abstract void verify(Connection connection, Socket socket) throws SQLException;

	private static boolean isOfStarter(Socket socket) {
		return ClassUtils.getPackageName(socket.getClass()).startsWith("io.github.resilientdb.")
				&& !(socket instanceof ForeignSocketFactory.ForeignSocket);
	}

}
