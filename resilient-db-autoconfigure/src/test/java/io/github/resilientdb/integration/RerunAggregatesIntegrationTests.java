package io.github.resilientdb.integration;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.proxy.Fault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Aggregates of Spring Data JDBC, which saving changes, among the arguments of a method
 * that is rerun.
 */
@SpringBootTest(classes = RerunAggregatesIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class RerunAggregatesIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase(
			"create table booking (id bigserial primary key, version bigint not null, total int not null)",
			"create table seat (id bigserial primary key, booking bigint references booking,"
					+ " booking_key int, name varchar)");

	@Autowired
	private Bookings bookings;

	@Autowired
	private BookingRepository repository;

	@Autowired
	private Scenario scenario;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@BeforeEach
	void reset() {
		this.repository.deleteAll();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void savesANewAggregateAgain(boolean atCommit) {
		Booking booking = new Booking();
		booking.seats.add(new Seat("a"));
		Booking saved = save(booking, atCommit);
		assertThat(this.scenario.runs("save")).isEqualTo(2);
		assertThat(saved).isSameAs(booking);
		assertThat(this.repository.findAll()).singleElement().satisfies((stored) -> {
			assertThat(stored.id).isEqualTo(booking.id);
			assertThat(stored.version).isEqualTo(booking.version);
			assertThat(stored.total).isEqualTo(10);
			assertThat(stored.seats).extracting((seat) -> seat.name).containsExactly("a", "added");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void changesAnAggregateOnce(boolean atCommit) {
		Booking booking = this.repository.save(new Booking());
		Long version = booking.version;
		save(booking, atCommit);
		assertThat(this.scenario.runs("save")).isEqualTo(2);
		assertThat(this.repository.findAll()).singleElement().satisfies((stored) -> {
			assertThat(stored.version).isEqualTo(version + 1);
			assertThat(stored.total).isEqualTo(10);
			assertThat(stored.seats).hasSize(1);
		});
	}

	@Test
	void letsCallbacksWriteAfterACommitThatWasVerified() {
		database.proxy().arm(Fault.DROP_RESPONSE);
		this.bookings.insertAfterCommit();
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("after commit", "after completion", "call");
		this.scenario.insert("later");
		assertThat(this.scenario.entries()).hasSize(4);
	}

	private Booking save(Booking booking, boolean atCommit) {
		if (atCommit) {
			database.proxy().arm(Fault.DROP_REQUEST);
		}
		return this.bookings.save(booking, !atCommit);
	}

	static class Bookings {

		private final BookingRepository repository;

		private final Scenario scenario;

		private final JdbcTemplate jdbc;

		Bookings(BookingRepository repository, Scenario scenario, JdbcTemplate jdbc) {
			this.repository = repository;
			this.scenario = scenario;
			this.jdbc = jdbc;
		}

		@RetryableTransaction
		Booking save(Booking booking, boolean disconnect) {
			booking.total += 10;
			booking.seats.add(new Seat("added"));
			Booking saved = this.repository.save(booking);
			if (this.scenario.enter("save") == 1 && disconnect) {
				this.scenario.disconnect();
			}
			return saved;
		}

		@RetryableTransaction
		void insertAfterCommit() {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public void afterCommit() {
					insert("after commit");
				}

				@Override
				public void afterCompletion(int status) {
					insert("after completion");
				}
			});
			this.scenario.enter("call");
		}

		private void insert(String text) {
			this.jdbc.update("insert into note (text) values (?)", text);
		}

	}

	interface BookingRepository extends ListCrudRepository<Booking, Long> {

	}

	@Table("booking")
	static class Booking {

		@Id
		@Nullable Long id;

		@Version
		@Nullable Long version;

		int total;

		List<Seat> seats = new ArrayList<>();

	}

	@Table("seat")
	static class Seat {

		@Id
		@Nullable Long id;

		String name;

		Seat(String name) {
			this.name = name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJdbcRepositories(basePackageClasses = Booking.class, considerNestedRepositories = true)
	@Import({ JdbcApplication.class, Bookings.class })
	static class Application {

	}

}
