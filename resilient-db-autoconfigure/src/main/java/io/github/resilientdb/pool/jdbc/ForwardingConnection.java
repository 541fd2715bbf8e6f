package io.github.resilientdb.pool.jdbc;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Forwards everything to another connection, but for closing and unwrapping.
 */
public abstract class ForwardingConnection implements Connection {

	/**
	 * Return the connection to use.
	 * @return the connection
	 * @throws SQLException if it must not be used any more
	 */
	protected abstract Connection delegate() throws SQLException;

	/**
	 * Make a call that the server may have to answer.
	 */
	protected <T extends @Nullable Object> T call(Call<T> call) throws SQLException {
		return call.on(delegate());
	}

	protected Statement guardStatement(Statement statement) {
		return statement;
	}

	protected PreparedStatement guardPrepared(PreparedStatement statement, String sql) {
		return statement;
	}

	protected CallableStatement guardCall(CallableStatement statement) {
		return statement;
	}

	protected DatabaseMetaData guardMetaData(DatabaseMetaData metadata) {
		return metadata;
	}

	private Connection clientInfoDelegate() throws SQLClientInfoException {
		try {
			return delegate();
		}
		catch (SQLException ex) {
			throw new SQLClientInfoException(ex.getMessage(), ex.getSQLState(), Map.of(), ex);
		}
	}

	@Override
	public Statement createStatement() throws SQLException {
		return guardStatement(call(Connection::createStatement));
	}

	@Override
	public PreparedStatement prepareStatement(String sql) throws SQLException {
		return guardPrepared(call((connection) -> connection.prepareStatement(sql)), sql);
	}

	@Override
	public CallableStatement prepareCall(String sql) throws SQLException {
		return guardCall(call((connection) -> connection.prepareCall(sql)));
	}

	@Override
	public String nativeSQL(String sql) throws SQLException {
		return delegate().nativeSQL(sql);
	}

	@Override
	public void setAutoCommit(boolean autoCommit) throws SQLException {
		delegate().setAutoCommit(autoCommit);
	}

	@Override
	public boolean getAutoCommit() throws SQLException {
		return delegate().getAutoCommit();
	}

	@Override
	public void commit() throws SQLException {
		delegate().commit();
	}

	@Override
	public void rollback() throws SQLException {
		delegate().rollback();
	}

	@Override
	public DatabaseMetaData getMetaData() throws SQLException {
		return guardMetaData(call(Connection::getMetaData));
	}

	@Override
	public void setReadOnly(boolean readOnly) throws SQLException {
		delegate().setReadOnly(readOnly);
	}

	@Override
	public boolean isReadOnly() throws SQLException {
		return delegate().isReadOnly();
	}

	@Override
	public void setCatalog(String catalog) throws SQLException {
		delegate().setCatalog(catalog);
	}

	@Override
	public @Nullable String getCatalog() throws SQLException {
		return call(Connection::getCatalog);
	}

	@Override
	public void setTransactionIsolation(int level) throws SQLException {
		delegate().setTransactionIsolation(level);
	}

	@Override
	public int getTransactionIsolation() throws SQLException {
		return call(Connection::getTransactionIsolation);
	}

	@Override
	public @Nullable SQLWarning getWarnings() throws SQLException {
		return delegate().getWarnings();
	}

	@Override
	public void clearWarnings() throws SQLException {
		delegate().clearWarnings();
	}

	@Override
	public Statement createStatement(int resultSetType, int resultSetConcurrency) throws SQLException {
		return guardStatement(call((connection) -> connection.createStatement(resultSetType, resultSetConcurrency)));
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency)
			throws SQLException {
		return guardPrepared(
				call((connection) -> connection.prepareStatement(sql, resultSetType, resultSetConcurrency)), sql);
	}

	@Override
	public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency) throws SQLException {
		return guardCall(call((connection) -> connection.prepareCall(sql, resultSetType, resultSetConcurrency)));
	}

	@Override
	public void setTypeMap(java.util.Map<String, java.lang.Class<?>> map) throws SQLException {
		delegate().setTypeMap(map);
	}

	@Override
	public void setHoldability(int holdability) throws SQLException {
		delegate().setHoldability(holdability);
	}

	@Override
	public int getHoldability() throws SQLException {
		return delegate().getHoldability();
	}

	@Override
	public Savepoint setSavepoint() throws SQLException {
		return call(Connection::setSavepoint);
	}

	@Override
	public Savepoint setSavepoint(String name) throws SQLException {
		return call((connection) -> connection.setSavepoint(name));
	}

	@Override
	public void rollback(Savepoint savepoint) throws SQLException {
		delegate().rollback(savepoint);
	}

	@Override
	public void releaseSavepoint(Savepoint savepoint) throws SQLException {
		delegate().releaseSavepoint(savepoint);
	}

	@Override
	public Statement createStatement(int resultSetType, int resultSetConcurrency, int resultSetHoldability)
			throws SQLException {
		return guardStatement(call(
				(connection) -> connection.createStatement(resultSetType, resultSetConcurrency, resultSetHoldability)));
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency,
			int resultSetHoldability) throws SQLException {
		return guardPrepared(call((connection) -> connection.prepareStatement(sql, resultSetType, resultSetConcurrency,
				resultSetHoldability)), sql);
	}

	@Override
	public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency,
			int resultSetHoldability) throws SQLException {
		return guardCall(call((connection) -> connection.prepareCall(sql, resultSetType, resultSetConcurrency,
				resultSetHoldability)));
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
		return guardPrepared(call((connection) -> connection.prepareStatement(sql, autoGeneratedKeys)), sql);
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
		return guardPrepared(call((connection) -> connection.prepareStatement(sql, columnIndexes)), sql);
	}

	@Override
	public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
		return guardPrepared(call((connection) -> connection.prepareStatement(sql, columnNames)), sql);
	}

	@Override
	public Clob createClob() throws SQLException {
		return call(Connection::createClob);
	}

	@Override
	public Blob createBlob() throws SQLException {
		return call(Connection::createBlob);
	}

	@Override
	public NClob createNClob() throws SQLException {
		return call(Connection::createNClob);
	}

	@Override
	public SQLXML createSQLXML() throws SQLException {
		return call(Connection::createSQLXML);
	}

	@Override
	public boolean isValid(int timeout) throws SQLException {
		return delegate().isValid(timeout);
	}

	@Override
	public void setClientInfo(String name, String value) throws SQLClientInfoException {
		clientInfoDelegate().setClientInfo(name, value);
	}

	@Override
	public void setClientInfo(Properties properties) throws SQLClientInfoException {
		clientInfoDelegate().setClientInfo(properties);
	}

	@Override
	public @Nullable String getClientInfo(String name) throws SQLException {
		return delegate().getClientInfo(name);
	}

	@Override
	public Properties getClientInfo() throws SQLException {
		return delegate().getClientInfo();
	}

	@Override
	public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
		return call((connection) -> connection.createArrayOf(typeName, elements));
	}

	@Override
	public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
		return call((connection) -> connection.createStruct(typeName, attributes));
	}

	@Override
	public void setSchema(String schema) throws SQLException {
		delegate().setSchema(schema);
	}

	@Override
	public @Nullable String getSchema() throws SQLException {
		return call(Connection::getSchema);
	}

	@Override
	public void abort(Executor executor) throws SQLException {
		delegate().abort(executor);
	}

	@Override
	public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
		delegate().setNetworkTimeout(executor, milliseconds);
	}

	@Override
	public int getNetworkTimeout() throws SQLException {
		return delegate().getNetworkTimeout();
	}

	@Override
	public void beginRequest() throws SQLException {
		delegate().beginRequest();
	}

	@Override
	public void endRequest() throws SQLException {
		delegate().endRequest();
	}

	@Override
	public boolean setShardingKeyIfValid(ShardingKey shardingKey, ShardingKey superShardingKey, int timeout)
			throws SQLException {
		return delegate().setShardingKeyIfValid(shardingKey, superShardingKey, timeout);
	}

	@Override
	public boolean setShardingKeyIfValid(ShardingKey shardingKey, int timeout) throws SQLException {
		return delegate().setShardingKeyIfValid(shardingKey, timeout);
	}

	@Override
	public void setShardingKey(ShardingKey shardingKey, ShardingKey superShardingKey) throws SQLException {
		delegate().setShardingKey(shardingKey, superShardingKey);
	}

	@Override
	public void setShardingKey(ShardingKey shardingKey) throws SQLException {
		delegate().setShardingKey(shardingKey);
	}

	@Override
	public Map<String, Class<?>> getTypeMap() throws SQLException {
		return delegate().getTypeMap();
	}

	/**
	 * A call of the driver's connection.
	 */
	@FunctionalInterface
	public interface Call<T extends @Nullable Object> {

		T on(Connection connection) throws SQLException;

	}

}
