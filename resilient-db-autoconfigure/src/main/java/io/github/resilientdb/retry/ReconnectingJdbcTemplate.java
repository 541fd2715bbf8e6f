package io.github.resilientdb.retry;

import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.resilientdb.RetryableTransactionTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;
import org.springframework.jdbc.support.KeyHolder;

/**
 * Runs each query in a retryable transaction that only reads, and reads its result there:
 * a lost connection costs time and nothing else. Serves a
 * {@link org.springframework.jdbc.core.simple.JdbcClient}, which uses no other methods.
 */
public final class ReconnectingJdbcTemplate extends JdbcTemplate {

	private final RetryableTransactionTemplate transactions;

	/**
	 * Create a template.
	 * @param dataSource where to read
	 * @param transactions what runs each query; its read-only flag does not matter
	 */
	public ReconnectingJdbcTemplate(DataSource dataSource, RetryableTransactionTemplate transactions) {
		super(dataSource);
		this.transactions = transactions.with((copy) -> copy.setReadOnly(true));
	}

	@Override
	@SuppressWarnings("NullAway") // a T may be null, which NullAway does not see here
	public <T extends @Nullable Object> T query(PreparedStatementCreator psc, @Nullable PreparedStatementSetter pss,
			ResultSetExtractor<T> rse) {
		return this.transactions.execute((status) -> super.query(psc, pss, rse));
	}

	/**
	 * Read the whole result before it returns: a stream that is read later could not be
	 * begun again.
	 */
	@Override
	public <T extends @Nullable Object> Stream<T> queryForStream(PreparedStatementCreator psc,
			@Nullable PreparedStatementSetter pss, RowMapper<T> rowMapper) {
		List<T> rows = query(psc, pss, new RowMapperResultSetExtractor<>(rowMapper));
		return rows.stream();
	}

	@Override
	protected int update(PreparedStatementCreator psc, @Nullable PreparedStatementSetter pss) {
		throw readsOnly();
	}

	@Override
	public int update(PreparedStatementCreator psc, KeyHolder generatedKeyHolder) {
		throw readsOnly();
	}

	private static InvalidDataAccessApiUsageException readsOnly() {
		return new InvalidDataAccessApiUsageException(
				"The JdbcClient 'reconnecting' only reads: write in a @RetryableTransaction method");
	}

}
