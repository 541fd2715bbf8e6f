package io.github.resilientdb.test.proxy;

import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.mockito.InOrder;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * What becomes of connections that come while the proxy is being broken, healed or
 * closed: no client is left that nobody will ever answer.
 */
class ProxiedConnectionsTests {

	private final ProxiedConnections connections = new ProxiedConnections();

	private final ProxiedConnection connection = mock(ProxiedConnection.class);

	private final FakeSocket client = new FakeSocket();

	@Test
	void leavesAloneWhatComesWhileNothingIsBroken() {
		this.connections.add(this.connection);
		then(this.connection).shouldHaveNoInteractions();
		assertThat(this.connections.count()).isOne();
		this.connections.remove(this.connection);
		assertThat(this.connections.count()).isZero();
	}

	@Test
	void swallowsNewOnesOnlyUntilItIsHealed() {
		ProxiedConnection old = mock(ProxiedConnection.class);
		this.connections.add(old);
		this.connections.swallowNew();
		this.connections.add(this.connection);
		then(old).shouldHaveNoInteractions();
		then(this.connection).should().blackHole();
		this.connections.heal();
		then(this.connection).should().heal();
		assertThat(this.connections.isSwallowingNew()).isFalse();
	}

	@Test
	void healsWhatCameWhileItWasHealed() {
		this.connections.swallowNew();
		// the healing is over before the connection, which had been let in, is broken
		willAnswer((call) -> {
			this.connections.heal();
			return null;
		}).given(this.connection).blackHole();
		this.connections.add(this.connection);
		InOrder order = Mockito.inOrder(this.connection);
		order.verify(this.connection).blackHole();
		order.verify(this.connection, times(2)).heal();
	}

	@Test
	void resetsStrandedClientsWhenItIsHealed() {
		this.connections.swallowNew();
		this.connections.strand(this.client);
		assertThat(this.connections.count()).isOne();
		assertThat(this.client.isClosed()).isFalse();
		this.connections.heal();
		assertThat(this.client.isReset()).isTrue();
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.connections.count()).isZero();
	}

	@Test
	void resetsAClientThatStrandsWhenItIsHealedAlready() {
		this.connections.strand(this.client);
		assertThat(this.client.isReset()).isTrue();
		assertThat(this.connections.count()).isZero();
	}

	@Test
	void resetsAllWhenClosedThoseTooThatComeLater() {
		this.connections.swallowNew();
		FakeSocket stranded = new FakeSocket();
		this.connections.strand(stranded);
		this.connections.add(this.connection);
		this.connections.close();
		then(this.connection).should().reset();
		assertThat(stranded.isReset()).isTrue();
		ProxiedConnection late = mock(ProxiedConnection.class);
		this.connections.add(late);
		then(late).should().reset();
		this.connections.strand(this.client);
		assertThat(this.client.isReset()).isTrue();
	}

	@Test
	void knowsWhenThoseOfAMomentHaveEnded() {
		this.connections.add(this.connection);
		BooleanSupplier end = this.connections.end();
		this.connections.add(mock(ProxiedConnection.class));
		assertThat(end.getAsBoolean()).isFalse();
		this.connections.remove(this.connection);
		assertThat(end.getAsBoolean()).isTrue();
		assertThat(this.connections.end().getAsBoolean()).isFalse();
		then(this.connection).should(never()).reset();
	}

}
