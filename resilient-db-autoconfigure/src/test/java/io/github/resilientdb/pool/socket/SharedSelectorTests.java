package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SharedSelector}.
 */
class SharedSelectorTests extends WaitingPlaceContract {

	private final SharedSelector selector;

	private final ChannelPair other = ChannelPair.open();

	SharedSelectorTests() throws IOException {
		this.selector = new SharedSelector(this.pair.channel());
		this.selector.leave(this.pair.channel());
	}

	@AfterEach
	void closeAll() throws IOException {
		this.other.close();
		assertThat(this.selector.closeIfFree()).isTrue();
	}

	@Override
	WaitingPlace take() {
		assertThat(this.selector.take()).isTrue();
		return this.selector;
	}

	@Test
	void oneThreadAtATimeHasIt() throws IOException {
		assertThat(this.selector.take()).isTrue();
		assertThat(this.selector.take()).isFalse();
		assertThat(this.selector.closeIfFree()).isFalse();
		this.selector.leave(this.pair.channel());
		assertThat(this.selector.take()).isTrue();
		this.selector.leave(this.pair.channel());
	}

	@Test
	void isNotLeftOpenIfItsFirstChannelIsClosed() throws IOException {
		this.other.close();
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> new SharedSelector(this.other.channel()));
	}

	@Test
	void letsAChannelGoThatIsReadyThoughNobodyWaitsForIt() throws IOException {
		WaitingPlace place = take();
		place.await(this.other.channel(), READ, 1);
		this.other.send(1);
		place.await(this.pair.channel(), READ, Duration.ofSeconds(10).toNanos());
		place.await(this.pair.channel(), READ, 1);
		place.leave(this.pair.channel());
		assertThat(this.selector.knows(this.pair.channel())).isTrue();
		assertThat(this.selector.knows(this.other.channel())).isFalse();
		// and takes it back
		take().await(this.other.channel(), READ, Readiness.UNLIMITED);
		this.selector.leave(this.other.channel());
		assertThat(this.selector.knows(this.other.channel())).isTrue();
	}

	@Test
	void forgetsAChannelThatWasClosedWhileNobodyWaited() throws IOException {
		take().await(this.other.channel(), READ, 1);
		this.selector.leave(this.other.channel());
		this.other.channel().close();
		this.selector.forgetClosed();
		assertThat(this.selector.take()).isTrue();
		this.selector.leave(this.pair.channel());
	}

	@Test
	void whoHasItForgetsAChannelThatWasClosedMeanwhile() throws IOException {
		WaitingPlace place = take();
		this.other.channel().close();
		this.selector.forgetClosed();
		// woken up
		place.await(this.pair.channel(), READ, Readiness.UNLIMITED);
		place.leave(this.pair.channel());
		assertThat(this.selector.take()).isTrue();
		this.selector.leave(this.pair.channel());
	}

}
