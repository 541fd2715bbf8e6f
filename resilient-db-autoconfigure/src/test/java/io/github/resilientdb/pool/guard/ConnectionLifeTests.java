package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionLifeTests {

	private static final SQLException FIRST = new SQLException("first");

	private static final SQLException SECOND = new SQLException("second");

	private final ConnectionLife life = new ConnectionLife();

	private final Connection lease = new FakeDatabase().getConnection();

	@Test
	void isLentUntilWhatWasHandedOutIsClosed() throws SQLException {
		assertThat(this.life.isLent()).isFalse();
		assertThat(this.life.lend(this.lease)).isTrue();
		assertThat(this.life.isLent()).isTrue();
		assertThat(this.life.lease()).isSameAs(this.lease);
		this.lease.close();
		assertThat(this.life.isLent()).isFalse();
		assertThat(this.life.lend(new FakeDatabase().getConnection())).isTrue();
	}

	@Test
	void theFirstLossIsTheCause() {
		assertThat(this.life.cause()).isNull();
		assertThat(this.life.lose(FIRST, "eof")).isTrue();
		assertThat(this.life.lose(SECOND, "reset")).isFalse();
		this.life.refuse("dead");
		this.life.detach();
		assertThat(this.life.state()).isEqualTo(ConnectionState.LOST);
		assertThat(this.life.cause()).isSameAs(FIRST);
		assertThat(this.life.reason()).isEqualTo("eof");
	}

	@Test
	void isNotLentOnceItIsLostOrRefused() {
		this.life.refuse("recycled");
		assertThat(this.life.lend(this.lease)).isFalse();
		assertThat(this.life.reason()).isEqualTo("recycled");
		this.life.lose(FIRST, "eof");
		assertThat(this.life.lend(this.lease)).isFalse();
		assertThat(this.life.reason()).isEqualTo("eof");
		assertThat(this.life.isLent()).isFalse();
	}

	@Test
	void isGivenUpOnlyWhileNobodyHasIt() throws SQLException {
		this.life.lend(this.lease);
		assertThat(this.life.loseIfIdle(FIRST, "invalidated")).isFalse();
		assertThat(this.life.isOver()).isFalse();
		this.lease.close();
		assertThat(this.life.loseIfIdle(FIRST, "invalidated")).isTrue();
		assertThat(this.life.isOver()).isTrue();
	}

	@Test
	void whatBelongsToSomebodyElseIsOverForThePool() {
		this.life.lend(this.lease);
		this.life.detach();
		assertThat(this.life.state()).isEqualTo(ConnectionState.DETACHED);
		assertThat(this.life.isOver()).isTrue();
		assertThat(this.life.cause()).isInstanceOf(ConnectionLostException.class);
		assertThat(this.life.lose(FIRST, "eof")).isFalse();
		assertThat(this.life.reason()).isEqualTo("detached");
	}

	@Test
	void aConnectionThatIsJustClosedSaysSo() {
		this.life.lend(this.lease);
		this.life.closed();
		assertThat(this.life.lease()).isNull();
		assertThat(this.life.reason()).isEqualTo("closed");
	}

}
