package com.example.bank.trial;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.github.resilientdb.RetryableTransactionEvent.Exhausted;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * How the record of the clients says what they were told.
 */
class LaneTests {

	private static final List<Long> CUSTOMERS = List.of(1L, 2L);

	private static final List<Long> SHOPS = List.of(3L, 4L);

	private final BankObserver observer = new BankObserver(new SimpleMeterRegistry());

	private final Bank bank = mock(Bank.class);

	private final List<UUID> transfers = new ArrayList<>();

	private BigDecimal moved = BigDecimal.ZERO;

	private RuntimeException failure;

	@Test
	void paysFromACustomerToAShop() throws SQLException {
		Lane lane = lane(Duration.ofSeconds(60));
		long begin = System.nanoTime();
		for (int i = 0; i < 100; i++) {
			lane.call();
		}
		assertThat(this.transfers).doesNotHaveDuplicates().hasSize(100);
		LaneReport report = report(lane, booked(1));
		assertThat(report).returns(100L, LaneReport::calls)
			.returns(0L, LaneReport::failed)
			.returns(true, LaneReport::guaranteesHeld);
		assertThat(report.expected()).isEqualByComparingTo(paidIn().subtract(this.moved));
		assertThat(lane.answered()).isEqualTo(100);
		assertThat(lane.failed()).isZero();
		assertThat(lane.latencies().recent(begin)).hasSize(100);
		assertThat(lane.longestWait()).isZero();
	}

	@Test
	void callThatReturnedAndIsNotBookedIsLost() throws SQLException {
		Lane lane = lane(Duration.ofSeconds(60));
		lane.call();
		assertThat(report(lane, Map.of()).lost()).isOne();
	}

	/**
	 * Only a call that ran out of time may say that it gave up: whatever else it throws
	 * breaks the guarantees.
	 */
	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "-,0,1,0", "exhausted,2,0,1", "exhausted,60,1,0", "rejected,2,1,0", "interrupted,2,1,0" })
	void tellsAFailureFromACallWithoutTime(String outcome, int deadline, long failed, long gaveUp) throws SQLException {
		Lane lane = lane(Duration.ofSeconds(deadline));
		this.failure = new IllegalStateException("lost");
		if (outcome != null) {
			this.observer.gaveUp(new Exhausted("call", Instant.EPOCH, outcome, 5, "IllegalStateException"));
		}
		lane.call();
		LaneReport report = report(lane, Map.of());
		assertThat(report.failed()).isEqualTo(failed);
		assertThat(report.gaveUp()).isEqualTo(gaveUp);
		assertThat(report.reasons())
			.containsExactly(Map.entry("IllegalStateException" + ((outcome != null) ? " after 5 attempts" : ""), 1L));
		assertThat(lane.failed()).isOne();
	}

	@Test
	void whatNobodyKnowsIsNoFailureAndLeavesNothingToTheNextCall() throws SQLException {
		Lane lane = lane(Duration.ofSeconds(2));
		this.observer.gaveUp(new Exhausted("call", Instant.EPOCH, "exhausted", 5, "SomeException"));
		this.failure = new TransactionOutcomeUnknownException("no answer", null, null, new SQLException());
		lane.call();
		this.failure = new IllegalStateException("a rule");
		lane.call();
		assertThat(report(lane, Map.of())).returns(1L, LaneReport::unknown)
			.returns(1L, LaneReport::failed)
			.returns(0L, LaneReport::gaveUp);
	}

	@Test
	void beginsWithWhatWasPaidIn() {
		LaneReport report = lane(Duration.ZERO).emptyReport();
		assertThat(report.expected()).isEqualByComparingTo(paidIn()).isEqualByComparingTo(report.actual());
		assertThat(report.guaranteesHeld()).isTrue();
	}

	@Test
	void closesItsBank() {
		Lane lane = lane(Duration.ZERO);
		lane.close();
		then(this.bank).should().close();
	}

	private Lane lane(Duration deadline) {
		given(this.bank.observer()).willReturn(this.observer);
		given(this.bank.transfers()).willReturn((id, from, to, amount) -> {
			assertThat(CUSTOMERS).contains(from);
			assertThat(SHOPS).contains(to);
			this.transfers.add(id);
			this.moved = this.moved.add(amount);
			if (this.failure != null) {
				throw this.failure;
			}
			return id;
		});
		return new Lane(LaneKind.RETRYABLE, this.bank, CUSTOMERS, SHOPS, deadline);
	}

	private Map<UUID, Integer> booked(int times) {
		return this.transfers.stream().collect(Collectors.toMap((id) -> id, (id) -> times));
	}

	private LaneReport report(Lane lane, Map<UUID, Integer> booked) throws SQLException {
		LedgerSnapshot snapshot = mock(LedgerSnapshot.class);
		given(snapshot.booked(any())).willReturn(booked);
		given(snapshot.balance(CUSTOMERS)).willReturn(paidIn().subtract(this.moved));
		return lane.report(snapshot, System.nanoTime());
	}

	private static BigDecimal paidIn() {
		return Trial.BALANCE.multiply(BigDecimal.valueOf(CUSTOMERS.size()));
	}

}
