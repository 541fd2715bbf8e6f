package io.github.resilientdb.pool.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * A statement that knows its connection: what fails is reported for that one, whichever
 * thread uses it.
 *
 * @param <S> the type of statement
 */
public class GuardedStatement<S extends Statement> extends ForwardingStatement<S> {

	private final StatementOwner connection;

	// where the batch commits: as this text does
	private String batch = "";

	public GuardedStatement(StatementOwner connection, S statement) {
		super(statement);
		this.connection = connection;
	}

	final <T extends @Nullable Object> T execute(String sql, Call<S, T> call) throws SQLException {
		this.connection.executing();
		T result;
		try {
			result = call.on(statement());
		}
		catch (SQLException ex) {
			throw this.connection.executionFailed(sql, ex);
		}
		catch (RuntimeException | Error ex) {
			this.connection.driverFailed(ex);
			throw ex;
		}
		this.connection.executed(sql);
		return result;
	}

	final <T extends @Nullable Object> T ask(Call<S, T> call) throws SQLException {
		try {
			return call.on(statement());
		}
		catch (SQLException ex) {
			throw this.connection.failed(ex);
		}
	}

	final void run(Action<S> action) throws SQLException {
		try {
			action.on(statement());
		}
		catch (SQLException ex) {
			throw this.connection.failed(ex);
		}
	}

	final ResultSet guard(ResultSet results) {
		return ReportingProxy.of(results, this, this.connection);
	}

	@Override
	public Connection getConnection() {
		return this.connection.lease();
	}

	@Override
	public void addBatch(String sql) throws SQLException {
		statement().addBatch(sql);
		this.batch = this.connection.batched(this.batch, sql);
	}

	@Override
	public void clearBatch() throws SQLException {
		statement().clearBatch();
		this.batch = "";
	}

	@Override
	public ResultSet executeQuery(String sql) throws SQLException {
		return guard(execute(sql, (statement) -> statement.executeQuery(sql)));
	}

	@Override
	public int executeUpdate(String sql) throws SQLException {
		return execute(sql, (statement) -> statement.executeUpdate(sql));
	}

	@Override
	public boolean execute(String sql) throws SQLException {
		return execute(sql, (statement) -> statement.execute(sql));
	}

	@Override
	public @Nullable ResultSet getResultSet() throws SQLException {
		ResultSet results = ask(Statement::getResultSet);
		return (results != null) ? guard(results) : null;
	}

	@Override
	public boolean getMoreResults() throws SQLException {
		return ask(Statement::getMoreResults);
	}

	@Override
	public int[] executeBatch() throws SQLException {
		return execute(takeBatch(), Statement::executeBatch);
	}

	@Override
	public boolean getMoreResults(int current) throws SQLException {
		return ask((statement) -> statement.getMoreResults(current));
	}

	@Override
	public ResultSet getGeneratedKeys() throws SQLException {
		return guard(ask(Statement::getGeneratedKeys));
	}

	@Override
	public int executeUpdate(String sql, int generatedKeys) throws SQLException {
		return execute(sql, (statement) -> statement.executeUpdate(sql, generatedKeys));
	}

	@Override
	public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
		return execute(sql, (statement) -> statement.executeUpdate(sql, columnIndexes));
	}

	@Override
	public int executeUpdate(String sql, String[] columnNames) throws SQLException {
		return execute(sql, (statement) -> statement.executeUpdate(sql, columnNames));
	}

	@Override
	public boolean execute(String sql, int generatedKeys) throws SQLException {
		return execute(sql, (statement) -> statement.execute(sql, generatedKeys));
	}

	@Override
	public boolean execute(String sql, int[] columnIndexes) throws SQLException {
		return execute(sql, (statement) -> statement.execute(sql, columnIndexes));
	}

	@Override
	public boolean execute(String sql, String[] columnNames) throws SQLException {
		return execute(sql, (statement) -> statement.execute(sql, columnNames));
	}

	@Override
	public long[] executeLargeBatch() throws SQLException {
		return execute(takeBatch(), Statement::executeLargeBatch);
	}

	@Override
	public long executeLargeUpdate(String sql) throws SQLException {
		return execute(sql, (statement) -> statement.executeLargeUpdate(sql));
	}

	@Override
	public long executeLargeUpdate(String sql, int generatedKeys) throws SQLException {
		return execute(sql, (statement) -> statement.executeLargeUpdate(sql, generatedKeys));
	}

	@Override
	public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
		return execute(sql, (statement) -> statement.executeLargeUpdate(sql, columnIndexes));
	}

	@Override
	public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
		return execute(sql, (statement) -> statement.executeLargeUpdate(sql, columnNames));
	}

	// the driver's is empty, too, whatever comes of it
	private String takeBatch() {
		String taken = this.batch;
		this.batch = "";
		return taken;
	}

	/**
	 * A call of the driver's statement.
	 */
	@FunctionalInterface
	interface Call<S, T extends @Nullable Object> {

		T on(S statement) throws SQLException;

	}

	/**
	 * A call of the driver's statement that returns nothing.
	 */
	@FunctionalInterface
	interface Action<S> {

		void on(S statement) throws SQLException;

	}

}
