package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link DatabaseWaiter}.
 */
class DatabaseWaiterTests {

	private static final Credentials OWN = Credentials.of("bank", "secret");

	private final DatabaseWaiter waiter = new DatabaseWaiter(OWN);

	@Test
	void waitsAtFirst() throws SQLException {
		assertThat(this.waiter.isDone()).isFalse();
		assertThat(this.waiter.result()).isNull();
	}

	@Test
	void takesOneConnection() throws SQLException {
		Physical first = physical();
		assertThat(this.waiter.take(first, Credentials.of("bank", "secret"))).isTrue();
		assertThat(this.waiter.take(physical(), OWN)).isFalse();
		assertThat(this.waiter.isDone()).isTrue();
		assertThat(this.waiter.result()).isSameAs(first);
		assertThat(this.waiter.physical()).isSameAs(first);
	}

	@Test
	void takesNoneOfAnotherUserOrWithAnotherPassword() throws SQLException {
		Physical physical = physical();
		assertThat(this.waiter.take(physical, Credentials.of("other", "secret"))).isFalse();
		assertThat(this.waiter.take(physical, Credentials.of("bank", "changed"))).isFalse();
		assertThat(this.waiter.take(physical, Credentials.of(null, null))).isFalse();
		assertThat(this.waiter.isDone()).isFalse();
		assertThat(new DatabaseWaiter(Credentials.of(null, null)).take(physical, Credentials.of(null, null))).isTrue();
	}

	@Test
	void hearsOfAFailureOfWhichOthersHearToo() {
		SQLException failure = new SQLTransientConnectionException("refused", "08001");
		this.waiter.fail(failure);
		assertThat(this.waiter.isDone()).isTrue();
		SQLException heard = catchThrowableOfType(SQLException.class, this.waiter::result);
		assertThat((Throwable) heard).isInstanceOf(SQLTransientConnectionException.class)
			.isNotSameAs(failure)
			.hasMessage("refused")
			.hasCause(failure);
		assertThat(heard.getSQLState()).isEqualTo("08001");
		assertThat((Throwable) DatabaseWaiter.copy(new SQLException("password", "28P01")))
			.isNotInstanceOf(SQLTransientConnectionException.class);
	}

	@Test
	void anEndWithoutAFailureIsLeftToTheOneWhoWaits() throws SQLException {
		this.waiter.fail(null);
		assertThat(this.waiter.isDone()).isFalse();
		assertThat(this.waiter.result()).isNull();
	}

	@Test
	void keepsItsConnectionWhateverFailsLater() throws SQLException {
		Physical physical = physical();
		this.waiter.take(physical, OWN);
		this.waiter.fail(new SQLException("late"));
		assertThat(this.waiter.result()).isSameAs(physical);
	}

	private static Physical physical() throws SQLException {
		return new Physical(new FakeDatabase().getConnection(), null, false, null);
	}

}
