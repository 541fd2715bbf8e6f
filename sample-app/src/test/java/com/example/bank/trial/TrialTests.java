package com.example.bank.trial;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.bank.trial.TrialEvent.Type;
import io.github.resilientdb.ConnectionPoolEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * How the three banks are opened, put to work and closed.
 */
class TrialTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final TrialDatabase database = mock(TrialDatabase.class);

	private final Map<LaneKind, String> urls = new ConcurrentHashMap<>();

	private final Map<LaneKind, Bank> banks = new EnumMap<>(LaneKind.class);

	private final CountDownLatch lastIsOpen = new CountDownLatch(1);

	private final AtomicInteger calls = new AtomicInteger();

	private @Nullable LaneKind failing;

	private final Trial trial = trial("jdbc:postgresql://db:1/bank");

	@BeforeEach
	void prepare() throws SQLException {
		for (LaneKind kind : LaneKind.values()) {
			Bank bank = mock(Bank.class);
			given(bank.observer()).willReturn(new BankObserver(new SimpleMeterRegistry()));
			given(bank.transfers()).willReturn((id, from, to, amount) -> this.calls.incrementAndGet());
			this.banks.put(kind, bank);
		}
		given(this.database.look(any())).willThrow(new SQLException("nothing to compare"));
		given(this.database.openAccounts(anyInt(), any())).willReturn(List.of(1L, 2L));
		given(this.database.access(anyString()))
			.willAnswer((call) -> new TrialDatabase.Access(call.getArgument(0), "ada", ""));
	}

	@AfterEach
	void close() {
		this.trial.close();
	}

	@Test
	void hasTheBanksInOrderWhicheverIsOpenFirst() throws Exception {
		List<String> steps = Collections.synchronizedList(new ArrayList<>());
		this.trial.open(steps::add);
		assertThat(this.trial.sample()).extracting(LaneSample::lane).containsExactly(LaneKind.values());
		assertThat(this.trial.reports()).extracting(LaneReport::lane).containsExactly(LaneKind.values());
		assertThat(steps).hasSize(4).startsWith("The tables are there.");
	}

	@Test
	void givesEachBankAWayOfItsOwnThatCanBeBroken() throws Exception {
		this.trial.open((step) -> {
		});
		assertThat(this.urls.values()).doesNotHaveDuplicates()
			.hasSize(3)
			.allSatisfy((url) -> assertThat(url).matches("jdbc:postgresql://127\\.0\\.0\\.1:\\d+/bank"));
	}

	@Test
	void goesStraightToADatabaseBeforeWhichNothingCanStand() throws Exception {
		String url = "jdbc:postgresql://a:1,b:2/bank";
		try (Trial direct = trial(url)) {
			direct.open((step) -> {
			});
			assertThat(this.urls.values()).containsOnly(url);
			assertThatIllegalStateException().isThrownBy(() -> direct.breaker().begin(FaultKind.SILENCE))
				.withMessageContaining("exactly one server");
		}
	}

	@Test
	void closesTheBanksThatAreOpenIfOneCannotBe() {
		this.failing = LaneKind.NAIVE;
		assertThatIllegalStateException().isThrownBy(() -> this.trial.open((step) -> {
		})).withMessage("The banks could not be opened: java.lang.IllegalStateException: no room");
		then(this.banks.get(LaneKind.PLAIN)).should().close();
		then(this.banks.get(LaneKind.RETRYABLE)).should().close();
		assertThat(this.trial.sample()).isEmpty();
		assertThat(this.trial.reports()).isEmpty();
	}

	@Test
	void worksUntilItIsStopped() throws Exception {
		this.trial.open((step) -> {
		});
		this.trial.start(new Load(1, Load.MAX_RATE));
		while (this.trial.sample().stream().anyMatch((sample) -> sample.answered() == 0)) {
			Thread.onSpinWait();
		}
		this.trial.stop();
		assertThat(this.trial.awaitIdle(PATIENCE)).isTrue();
		assertThat(this.trial.sample().stream().mapToLong(LaneSample::answered).sum()).isEqualTo(this.calls.get());
	}

	@Test
	void tellsInWhichBankTheDatabaseCannotBeReached() throws Exception {
		this.trial.open((step) -> {
		});
		this.banks.get(LaneKind.RETRYABLE)
			.observer()
			.began(new ConnectionPoolEvent.OutageBegan("pool", Instant.EPOCH, "eof"));
		assertThat(this.trial.eventsSince(0)).filteredOn((event) -> event.type() == Type.OUTAGE)
			.singleElement()
			.returns(LaneKind.RETRYABLE, TrialEvent::lane)
			.returns("the database can't be reached (eof)", TrialEvent::text);
	}

	@Test
	void closesEverythingAlsoIfTheSchemaStays() throws Exception {
		this.trial.open((step) -> {
		});
		willThrow(new SQLException("no permission")).given(this.database).close();
		this.trial.close();
		for (Bank bank : this.banks.values()) {
			then(bank).should().close();
		}
		assertThat(this.trial.eventsSince(0)).last()
			.extracting(TrialEvent::text)
			.asString()
			.contains("could not be dropped: no permission");
	}

	private Trial trial(String url) {
		return new Trial(new MockEnvironment(), this.database, Route.to(url), null, FaultTimes.DEFAULT,
				(kind, environment, access) -> {
					assertThat(environment).isNotNull();
					return open(kind, access.url());
				});
	}

	/**
	 * The first one is the last to be open.
	 */
	private Bank open(LaneKind kind, String url) {
		this.urls.put(kind, url);
		if (kind == LaneKind.PLAIN) {
			awaitLast();
		}
		if (kind == LaneKind.RETRYABLE) {
			this.lastIsOpen.countDown();
		}
		if (kind == this.failing) {
			throw new IllegalStateException("no room");
		}
		return this.banks.get(kind);
	}

	private void awaitLast() {
		try {
			this.lastIsOpen.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
