package io.github.resilientdb.attempt;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.resilientdb.FailureVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TransactionRecord}: what is known after what was told.
 */
class TransactionRecordTests {

	private static final Object CONNECTION = new Object();

	private static final SQLException LOST = new SQLException("terminating connection", "57P01");

	static Stream<Arguments> managed() {
		return Stream.of(
				// without a connection, its manager is all there is
				row(events(), TransactionOutcome.NOT_BEGUN, ""),
				row(events(Event.NOT_BEGUN), TransactionOutcome.NOT_BEGUN, "ended"),
				row(events(Event.BEGUN), TransactionOutcome.UNKNOWN, ""),
				row(events(Event.BEGUN, Event.COMMITTING), TransactionOutcome.UNKNOWN, "committing"),
				row(events(Event.BEGUN, Event.COMMITTING, Event.COMMITTED), TransactionOutcome.COMMITTED,
						"committing ended"),
				row(events(Event.BEGUN, Event.COMMITTING, Event.UNKNOWN), TransactionOutcome.UNKNOWN,
						"committing ended"),
				row(events(Event.BEGUN, Event.COMMITTING, Event.ROLLED_BACK), TransactionOutcome.ROLLED_BACK,
						"committing ended"),
				row(events(Event.BEGUN, Event.ROLLING_BACK), TransactionOutcome.UNKNOWN, ""),
				row(events(Event.BEGUN, Event.ROLLING_BACK, Event.ROLLED_BACK), TransactionOutcome.ROLLED_BACK,
						"ended"),
				// the connection knows better
				row(events(Event.BEGAN_ON_CONNECTION, Event.NOT_BEGUN), TransactionOutcome.ACTIVE, "guarded ended"),
				row(events(Event.BEGAN_ON_CONNECTION, Event.BEGUN), TransactionOutcome.UNKNOWN, ""),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION), TransactionOutcome.UNKNOWN, ""),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.COMMITTING, Event.UNKNOWN_ON_CONNECTION),
						TransactionOutcome.UNKNOWN, "committing guarded"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.COMMITTING, Event.UNKNOWN_ON_CONNECTION,
						Event.ROLLED_BACK), TransactionOutcome.UNKNOWN, "committing guarded ended"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.COMMITTING, Event.COMMITTED_ON_CONNECTION,
						Event.UNKNOWN), TransactionOutcome.COMMITTED, "committing guarded ended"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.COMMITTING, Event.ROLLED_BACK_ON_CONNECTION,
						Event.UNKNOWN), TransactionOutcome.ROLLED_BACK, "committing guarded ended"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.ROLLING_BACK, Event.ROLLED_BACK),
						TransactionOutcome.ACTIVE, "guarded ended"),
				// what was announced as committed stays so
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.COMMITTED_ON_CONNECTION,
						Event.ROLLED_BACK_ON_CONNECTION), TransactionOutcome.COMMITTED, "guarded"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.ROLLED_BACK_ON_CONNECTION,
						Event.COMMITTED_ON_CONNECTION), TransactionOutcome.COMMITTED, "guarded"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.ROLLED_BACK_ON_CONNECTION, Event.COMMITTED),
						TransactionOutcome.COMMITTED, "guarded ended"),
				// a loss, before the end and during the rollback
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.LOST, Event.ROLLING_BACK, Event.ROLLED_BACK),
						TransactionOutcome.ACTIVE, "guarded ended lost failed"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.ROLLING_BACK, Event.LOST, Event.ROLLED_BACK),
						TransactionOutcome.ACTIVE, "guarded ended"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.ROLLING_BACK, Event.ROLLED_BACK, Event.LOST),
						TransactionOutcome.ACTIVE, "guarded ended"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.COMMITTING, Event.LOST,
						Event.COMMITTED_ON_CONNECTION, Event.COMMITTED), TransactionOutcome.COMMITTED,
						"committing guarded ended failed"),
				row(events(Event.BEGUN, Event.BEGAN_ON_CONNECTION, Event.COMMITTING, Event.ROLLED_BACK, Event.LOST),
						TransactionOutcome.ACTIVE, "committing guarded ended failed"));
	}

	static Stream<Arguments> unmanaged() {
		return Stream.of(row(events(Event.BEGAN_ON_CONNECTION), TransactionOutcome.ACTIVE, "guarded"),
				row(events(Event.BEGAN_ON_CONNECTION, Event.COMMITTED_ON_CONNECTION), TransactionOutcome.COMMITTED,
						"guarded ended"),
				row(events(Event.BEGAN_ON_CONNECTION, Event.ROLLED_BACK_ON_CONNECTION), TransactionOutcome.ROLLED_BACK,
						"guarded ended"),
				row(events(Event.BEGAN_ON_CONNECTION, Event.UNKNOWN_ON_CONNECTION), TransactionOutcome.UNKNOWN,
						"guarded"),
				row(events(Event.BEGAN_ON_CONNECTION, Event.LOST, Event.ROLLED_BACK_ON_CONNECTION),
						TransactionOutcome.ROLLED_BACK, "guarded ended lost failed"));
	}

	@ParameterizedTest
	@MethodSource
	void managed(List<Event> events, TransactionOutcome outcome, String known) {
		TransactionRecord record = new TransactionRecord(new Object(), "Bank.transfer", false, null, null);
		check(record, events, outcome, known);
	}

	@ParameterizedTest
	@MethodSource
	void unmanaged(List<Event> events, TransactionOutcome outcome, String known) {
		TransactionRecord record = new TransactionRecord(null, null, false, null, null);
		check(record, events, outcome, known);
	}

	@Test
	void staysOnItsFirstConnection() {
		TransactionRecord record = new TransactionRecord(null, null, false, null, null);
		assertThat(record.hasConnection()).isFalse();
		record.beganOn(CONNECTION);
		record.beganOn(new Object());
		assertThat(record.isOn(CONNECTION)).isTrue();
		assertThat(record.hasConnection()).isTrue();
	}

	@Test
	void countsAsWorkOnlyWhatWasCommittedAndMayHaveWritten() {
		TransactionRecord record = new TransactionRecord(this, "", false, null, null);
		assertThat(record.mayBeRepeated()).isFalse();
		record.ended(TransactionOutcome.COMMITTED);
		assertThat(record.mayBeRepeated()).isTrue();
		TransactionRecord reading = new TransactionRecord(this, "", true, null, null);
		reading.ended(TransactionOutcome.COMMITTED);
		assertThat(reading.mayBeRepeated()).isFalse();
	}

	private static void check(TransactionRecord record, List<Event> events, TransactionOutcome outcome, String known) {
		events.forEach((event) -> event.told.accept(record));
		assertThat(record.outcome()).isEqualTo(outcome);
		List<String> words = List.of(known.split(" "));
		assertThat(record.isCommitting()).as("committing").isEqualTo(words.contains("committing"));
		assertThat(record.isGuarded()).as("guarded").isEqualTo(words.contains("guarded"));
		assertThat(record.hasEnded()).as("ended").isEqualTo(words.contains("ended"));
		assertThat(record.loss() != null).as("lost").isEqualTo(words.contains("lost"));
		assertThat(record.failure() == LOST).as("failed").isEqualTo(words.contains("failed"));
	}

	private static List<Event> events(Event... events) {
		return List.of(events);
	}

	private static Arguments row(List<Event> events, TransactionOutcome outcome, String known) {
		return Arguments.of(events, outcome, known);
	}

	enum Event {

		BEGUN(TransactionRecord::begun), NOT_BEGUN(TransactionRecord::notBegun),
		COMMITTING(TransactionRecord::committing), ROLLING_BACK(TransactionRecord::rollingBack),
		COMMITTED((record) -> record.ended(TransactionOutcome.COMMITTED)),
		ROLLED_BACK((record) -> record.ended(TransactionOutcome.ROLLED_BACK)),
		UNKNOWN((record) -> record.ended(TransactionOutcome.UNKNOWN)),
		BEGAN_ON_CONNECTION((record) -> record.beganOn(CONNECTION)),
		COMMITTED_ON_CONNECTION((record) -> record.endedOnConnection(TransactionOutcome.COMMITTED)),
		ROLLED_BACK_ON_CONNECTION((record) -> record.endedOnConnection(TransactionOutcome.ROLLED_BACK)),
		UNKNOWN_ON_CONNECTION((record) -> record.endedOnConnection(TransactionOutcome.UNKNOWN)), LOST((record) -> {
			record.connectionLost(TransactionRecordTests.LOST);
			record.failed(TransactionRecordTests.LOST,
					new FailureVerdict(FailureVerdict.Kind.DISCONNECT, FailureVerdict.Scope.SUSPECT, "admin-shutdown"));
		});

		private final Consumer<TransactionRecord> told;

		Event(Consumer<TransactionRecord> told) {
			this.told = told;
		}

	}

}
