package io.github.resilientdb;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.util.DisconnectedClientHelper;

import static org.assertj.core.api.Assertions.assertThat;

class ServerSideFailureTests {

	static Stream<IOException> losses() {
		return Stream.of(new EOFException(), new SocketException("Broken pipe"),
				new IOException("Connection reset by peer"));
	}

	static Stream<SQLException> failures() {
		// each with a loss of its own, which is changed
		Stream<Function<IOException, SQLException>> kinds = Stream.of(
				(loss) -> new SQLException("An I/O error occurred", "08006", loss),
				(loss) -> new SQLTransientConnectionException("No connection", "08001", 7, loss),
				(loss) -> new SQLNonTransientConnectionException("Lost", "08003", 0, loss),
				(loss) -> new BatchUpdateException("Batch", "08006", 0, new int[] { 1, -3 },
						new SQLException("I/O", "08006", loss)));
		return kinds.flatMap((kind) -> losses().map(kind));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void whatJdbcThrowsIsTakenForNoVanishedClient(SQLException failure) {
		assertThat(DisconnectedClientHelper.isClientDisconnectedException(failure)).isTrue();
		Throwable loss = root(failure);
		SQLException marked = ServerSideFailure.mark(failure);
		assertThat(DisconnectedClientHelper.isClientDisconnectedException(marked)).isFalse();
		assertThat(DisconnectedClientHelper.isClientDisconnectedException(
				new IllegalStateException(NestedExceptionUtils.getMostSpecificCause(marked))))
			.isFalse();
		assertThat(DisconnectedClientHelper
			.isClientDisconnectedException(new CannotCreateTransactionException("Could not open", marked))).isFalse();
		assertThat((Throwable) marked).hasMessage(failure.getMessage())
			.hasSameClassAs(failure)
			.hasStackTraceContaining(loss.toString());
		assertThat(marked.getSQLState()).isEqualTo(failure.getSQLState());
		assertThat(marked.getErrorCode()).isEqualTo(failure.getErrorCode());
		assertThat(marked.getCause()).isInstanceOf(DataAccessException.class).hasCause(failure);
		assertThat((Throwable) ServerSideFailure.mark(marked)).isSameAs(marked);
	}

	@Test
	void keepsWhatABatchHadDone() {
		BatchUpdateException batch = new BatchUpdateException("Batch", "08006", 0, new int[] { 1, -3 },
				new EOFException());
		batch.setNextException(new SQLException("next"));
		SQLException marked = ServerSideFailure.mark(batch);
		assertThat(((BatchUpdateException) marked).getUpdateCounts()).containsExactly(1, -3);
		assertThat((Throwable) marked.getNextException()).hasMessage("next");
	}

	@ParameterizedTest
	@MethodSource("losses")
	void unknownOutcomesAreTakenForNoVanishedClient(IOException loss) {
		SQLException failure = new SQLException("An I/O error occurred", "08006", loss);
		TransactionOutcomeUnknownException unknown = new TransactionOutcomeUnknownException("no-answer", null, null,
				failure);
		assertThat(DisconnectedClientHelper.isClientDisconnectedException(unknown)).isFalse();
		assertThat(DisconnectedClientHelper.isClientDisconnectedException(new IllegalStateException(unknown)))
			.isFalse();
		assertThat(unknown).hasStackTraceContaining(loss.toString()).hasStackTraceContaining("An I/O error occurred");
	}

	@Test
	void leavesAloneWhatNobodyMistakes() {
		SQLException ended = new SQLException("FATAL: terminating connection", "57P01");
		assertThat((Throwable) ServerSideFailure.mark(ended)).isSameAs(ended);
		RuntimeException marked = new DataAccessResourceFailureException("lost", new EOFException());
		assertThat((Throwable) ServerSideFailure.mark(marked)).isSameAs(marked);
	}

	@Test
	void leavesRootsAloneThatHaveACause() {
		IOException loss = new IOException("Broken pipe", null);
		SQLException marked = ServerSideFailure.mark(new SQLException("I/O", "08006", loss));
		assertThat((Throwable) marked).hasRootCause(loss);
		SQLException refused = new SQLException("refused", "08001", new ConnectException("Connection refused"));
		assertThat((Throwable) ServerSideFailure.mark(refused)).hasRootCause(refused.getCause());
	}

	@Test
	void marksMessagesWithoutAnIoException() {
		SQLException told = new SQLException("Communications link failure: Broken pipe", "08S01");
		assertThat(DisconnectedClientHelper.isClientDisconnectedException(told)).isTrue();
		assertThat(DisconnectedClientHelper.isClientDisconnectedException(ServerSideFailure.mark(told))).isFalse();
	}

	private static Throwable root(Throwable failure) {
		return (failure.getCause() != null) ? root(failure.getCause()) : failure;
	}

}
