package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.testsupport.FakeDatabase;
import io.github.resilientdb.watchdog.WaitingCall;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeaseWatch} and {@link LongLease}.
 */
class LeaseWatchTests {

	private final TestRegistry registry = new TestRegistry();

	private final FakeCommits commits = new FakeCommits();

	private final List<WaitingCall> told = new CopyOnWriteArrayList<>();

	private GuardedConnection connection;

	private LeaseWatch watch;

	@BeforeEach
	void open() throws SQLException {
		this.connection = this.registry.open(this.commits);
		this.watch = watch(Duration.ofHours(1));
	}

	private LeaseWatch watch(Duration after) {
		return new LeaseWatch(() -> "leases", after.toNanos(), List.of(this.connection), this.told::add);
	}

	@AfterEach
	void close() {
		this.watch.close();
		this.registry.close();
		Awaitility.await().until(() -> threads() == 0);
	}

	@Test
	void tellsOnceOfAConnectionThatIsLentForLong() {
		this.connection.lendUnchecked(lease());
		this.watch.look();
		assertThat(this.told).isEmpty();
		this.watch.look();
		this.watch.look();
		assertThat(this.told).hasSize(1);
	}

	@Test
	void aConnectionThatIsLentAgainIsNotLentForLong() throws SQLException {
		for (int i = 0; i < 3; i++) {
			Connection lease = lease();
			this.connection.lendUnchecked(lease);
			this.watch.look();
			lease.close();
		}
		this.watch.look();
		assertThat(this.told).isEmpty();
	}

	@Test
	void aThreadLooksFromTheFirstConnectionOn() {
		this.connection.lendUnchecked(lease());
		this.watch = watch(Duration.ofMillis(5));
		assertThat(threads()).isZero();
		this.watch.begin();
		this.watch.begin();
		assertThat(threads()).isOne();
		Awaitility.await().until(() -> this.told.size() == 1);
		this.watch.close();
		Awaitility.await().until(() -> threads() == 0);
		this.watch.begin();
		assertThat(threads()).isZero();
	}

	@Test
	void isOverWhenTheConnectionIsReturned() throws SQLException {
		Connection lease = lease();
		WaitingCall call = longLease(lease);
		assertThat(call.isOver()).isFalse();
		assertThat(call.address()).isEmpty();
		lease.close();
		assertThat(call.isOver()).isTrue();
		this.connection.lendUnchecked(lease());
		assertThat(call.isOver()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "WORKING, WORKING", "WAITING, WORKING", "GONE, GONE", "SUPERSEDED, SUPERSEDED", "ELSEWHERE, ELSEWHERE",
			"UNIDENTIFIED, UNIDENTIFIED" })
	void thatTheServerWaitsProvesNothing(BackendState seen, BackendState told) throws SQLException {
		this.commits.backend(seen);
		assertThat(longLease(lease()).look(lease())).isEqualTo(told);
	}

	@Test
	void thatNothingIsHeardProvesNothing() {
		WaitingCall call = longLease(lease());
		long before = System.nanoTime();
		assertThat(call.heardAt() - before).isNotNegative();
		call.cutWithServer("silent", before);
		assertThat(this.registry.server().isClosed()).isFalse();
	}

	@Test
	void isLeftAloneForLongerTheLongerItIsLent() {
		WaitingCall call = longLease(lease());
		long first = call.leftAlone();
		assertThat(first).isBetween(0L, Duration.ofSeconds(10).toNanos());
		Awaitility.await().until(() -> call.leftAlone() > first);
	}

	@Test
	void theDriverClosesWhatIsOfNoUse() {
		longLease(lease()).cut("gone");
		Awaitility.await().until(() -> this.registry.server().isClosed());
	}

	@Test
	void whatWasReturnedIsNotClosed() throws SQLException {
		Connection lease = lease();
		WaitingCall call = longLease(lease);
		lease.close();
		call.cut("gone");
		assertThat(this.registry.server().isClosed()).isFalse();
	}

	private WaitingCall longLease(Connection lease) {
		this.connection.lendUnchecked(lease);
		return new LongLease(this.connection, lease);
	}

	private static Connection lease() {
		return new FakeDatabase().getConnection();
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("leases lease watch"))
			.count();
	}

}
