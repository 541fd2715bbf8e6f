package io.github.resilientdb.pool.guard;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionRegistryTests {

	private final TestRegistry pool = new TestRegistry();

	private final ConnectionRegistry connections = this.pool.connections();

	private final List<GuardedConnection> opened = new ArrayList<>();

	/**
	 * Open four connections, of which the last is lent.
	 */
	@BeforeEach
	void open() throws SQLException {
		for (int i = 0; i < 4; i++) {
			this.opened.add(this.pool.open(new FakeCommits()));
		}
		assertThat(this.opened.get(3).lendUnchecked(new FakeDatabase().getConnection())).isTrue();
		assertThat(this.pool.told()).containsExactly("opened", "opened", "opened", "opened");
		this.pool.told().clear();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private void lose(int connection, Scope scope) {
		this.opened.get(connection)
			.session()
			.lost(FakeDatabase.lost(), new FailureVerdict(Kind.DISCONNECT, scope, "test"), Phase.CHECKOUT);
	}

	private String alive() {
		StringBuilder alive = new StringBuilder();
		for (GuardedConnection connection : this.opened) {
			ProofOfLife proof = connection.session().proof();
			alive.append(
					connection.session().isLost() ? 'x' : proof.isInvalidated() ? '!' : proof.isSuspect() ? '?' : 'o');
		}
		return alive.toString();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					# how the first is lost, and the second | x lost, ! not lent again, ? only after an answer, o alive | who is told
					CONNECTION |            | xooo | 0
					CONNECTION | CONNECTION | xxoo | 0
					SUSPECT    |            | x??? | 1
					SUSPECT    | SUSPECT    | xxx! | 1
					SUSPECT    | CONNECTION | xx?? | 1
					POOL       |            | xxx! | 1
					""")
	void anIncidentConcernsTheOthersAsFarAsItsScopeSays(Scope first, Scope second, String alive, int invalidations) {
		lose(0, first);
		if (second != null) {
			lose(1, second);
		}
		assertThat(alive()).isEqualTo(alive);
		assertThat(this.pool.told()).filteredOn("invalidated test 3"::equals).hasSize(invalidations);
		assertThat(this.pool.told()).filteredOn("disconnected CHECKOUT test 57P01"::equals)
			.hasSize((second != null) ? 2 : 1);
	}

	@Test
	void whatIsOpenedAfterAnIncidentIsNotConcerned() throws SQLException {
		lose(0, Scope.POOL);
		this.opened.add(this.pool.open(new FakeCommits()));
		assertThat(alive()).isEqualTo("xxx!o");
		assertThat(this.connections.isAnyAlive()).isTrue();
	}

	@Test
	void aNewPrimaryEndsWhatLeadsToTheOldOneAndIsIdle() throws SQLException {
		FakeCommits old = new FakeCommits();
		this.opened.add(this.pool.open(old));
		old.supersede();
		this.connections.primaryChanged();
		assertThat(alive()).isEqualTo("oooox");
		assertThat(this.pool.told()).contains("invalidated superseded 1");
	}

	@Test
	void whatIsDiscardedOnDemandIsNotLentAgain() throws SQLException {
		assertThat(this.connections.discardAll("operator")).isEqualTo(4);
		assertThat(alive()).isEqualTo("!!!!");
		this.opened.add(this.pool.open(new FakeCommits()));
		assertThat(alive()).isEqualTo("!!!!o");
		assertThat(this.pool.told()).contains("invalidated operator 4");
	}

	@Test
	void whatIsClosedIsForgottenWithItsReasonOnce() throws SQLException {
		lose(0, Scope.CONNECTION);
		this.opened.get(0).close();
		this.opened.get(0).close();
		this.opened.get(1).close();
		assertThat(this.connections.size()).isEqualTo(2);
		assertThat(this.pool.told()).containsExactly("disconnected CHECKOUT test 57P01", "discarded test",
				"discarded closed");
	}

	@Test
	void nothingIsLeftOfAPoolThatIsClosed() {
		this.connections.close();
		assertThat(alive()).isEqualTo("xxxx");
		assertThat(this.connections.size()).isZero();
		assertThat(this.connections.isAnyAlive()).isFalse();
		assertThat(this.pool.told()).hasSize(4).containsOnly("discarded closed");
	}

}
