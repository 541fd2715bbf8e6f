package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LookAhead}.
 */
class LookAheadTests {

	private final ChannelPair pair = ChannelPair.open();

	private final LookAhead input = new LookAhead(this.pair.channel());

	private final ByteBuffer buffer = ByteBuffer.allocate(10);

	@AfterEach
	void close() throws IOException {
		this.pair.close();
	}

	private void awaitSomething() {
		Awaitility.await().until(this.input::look);
	}

	@Test
	void findsNothingWhileThePeerIsSilent() throws IOException {
		assertThat(this.input.look()).isFalse();
		assertThat(this.input.isReady()).isFalse();
		assertThat(this.input.read(this.buffer)).isZero();
		assertThat(this.input.available()).isZero();
	}

	@Test
	void losesNothingOfWhatItLookedAt() throws IOException {
		this.pair.send(1, 2, 3);
		awaitSomething();
		assertThat(this.input.look()).isTrue();
		assertThat(this.input.isReady()).isTrue();
		Awaitility.await().until(() -> this.input.available() == 3);
		assertThat(this.input.read(this.buffer)).isEqualTo(3);
		assertThat(this.buffer.array()).startsWith(1, 2, 3);
		assertThat(this.input.isReady()).isFalse();
		assertThat(this.input.look()).isFalse();
	}

	@Test
	void readsByteByByte() throws IOException {
		this.pair.send(1, 2);
		awaitSomething();
		Awaitility.await().until(() -> this.input.available() == 2);
		for (int expected = 1; expected <= 2; expected++) {
			ByteBuffer single = ByteBuffer.allocate(1);
			assertThat(this.input.read(single)).isOne();
			assertThat(single.get(0)).isEqualTo((byte) expected);
		}
		assertThat(this.input.look()).isFalse();
	}

	@Test
	void findsTheEndAgainAndAgain() throws IOException {
		this.pair.peer().close();
		awaitSomething();
		for (int i = 0; i < 2; i++) {
			assertThat(this.input.look()).isTrue();
			assertThat(this.input.read(this.buffer)).isEqualTo(-1);
		}
	}

	@Test
	void readsWhatCameBeforeTheEnd() throws IOException {
		this.pair.send(1);
		this.pair.peer().close();
		awaitSomething();
		assertThat(this.input.read(this.buffer)).isOne();
		assertThat(this.input.isReady()).isFalse();
		awaitSomething();
		assertThat(this.input.read(this.buffer)).isEqualTo(-1);
	}

	@Test
	void throwsTheFailureThatItFoundWhereItIsRead() throws IOException {
		this.pair.reset();
		awaitSomething();
		assertThat(this.input.isReady()).isTrue();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.input.read(this.buffer))
				.isNotInstanceOf(ClosedChannelException.class);
		}
	}

	@Test
	void channelThatWeClosedIsReadyAndSaysSo() throws IOException {
		this.pair.channel().close();
		assertThat(this.input.look()).isTrue();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> this.input.read(this.buffer));
	}

	@Test
	void closingIsMoreThanTheFailureBefore() throws IOException {
		this.pair.reset();
		awaitSomething();
		this.pair.channel().close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> this.input.read(this.buffer));
	}

}
