package io.github.resilientdb.pool.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * A prepared statement that knows its connection.
 */
public final class GuardedPreparedStatement extends ForwardingPreparedStatement<PreparedStatement> {

	private final String sql;

	public GuardedPreparedStatement(StatementOwner connection, PreparedStatement statement, String sql) {
		super(connection, statement);
		this.sql = sql;
	}

	@Override
	public ResultSet executeQuery() throws SQLException {
		return guard(execute(this.sql, PreparedStatement::executeQuery));
	}

	@Override
	public int executeUpdate() throws SQLException {
		return execute(this.sql, PreparedStatement::executeUpdate);
	}

	@Override
	public boolean execute() throws SQLException {
		return execute(this.sql, PreparedStatement::execute);
	}

	@Override
	public void setBlob(int index, Blob value) throws SQLException {
		run((statement) -> statement.setBlob(index, value));
	}

	@Override
	public void setClob(int index, Clob value) throws SQLException {
		run((statement) -> statement.setClob(index, value));
	}

	@Override
	public @Nullable ResultSetMetaData getMetaData() throws SQLException {
		return ask(PreparedStatement::getMetaData);
	}

	@Override
	public ParameterMetaData getParameterMetaData() throws SQLException {
		return ask(PreparedStatement::getParameterMetaData);
	}

	@Override
	public void setNClob(int index, NClob value) throws SQLException {
		run((statement) -> statement.setNClob(index, value));
	}

	@Override
	public void setClob(int index, Reader value, long length) throws SQLException {
		run((statement) -> statement.setClob(index, value, length));
	}

	@Override
	public void setBlob(int index, InputStream value, long length) throws SQLException {
		run((statement) -> statement.setBlob(index, value, length));
	}

	@Override
	public void setNClob(int index, Reader value, long length) throws SQLException {
		run((statement) -> statement.setNClob(index, value, length));
	}

	@Override
	public void setClob(int index, Reader value) throws SQLException {
		run((statement) -> statement.setClob(index, value));
	}

	@Override
	public void setBlob(int index, InputStream value) throws SQLException {
		run((statement) -> statement.setBlob(index, value));
	}

	@Override
	public void setNClob(int index, Reader value) throws SQLException {
		run((statement) -> statement.setNClob(index, value));
	}

	@Override
	public long executeLargeUpdate() throws SQLException {
		return execute(this.sql, PreparedStatement::executeLargeUpdate);
	}

	@Override
	public int[] executeBatch() throws SQLException {
		return execute(this.sql, PreparedStatement::executeBatch);
	}

	@Override
	public long[] executeLargeBatch() throws SQLException {
		return execute(this.sql, PreparedStatement::executeLargeBatch);
	}

}
