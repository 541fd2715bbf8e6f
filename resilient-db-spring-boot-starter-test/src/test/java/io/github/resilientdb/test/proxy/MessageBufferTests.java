package io.github.resilientdb.test.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * How bytes are cut into messages, and which of them go on.
 */
class MessageBufferTests {

	private final ByteArrayOutputStream forwarded = new ByteArrayOutputStream();

	private final Link link = new Link("test", this.forwarded, () -> 0, (name, task) -> {
	});

	@Test
	void waitsForTheRestOfAMessage() throws IOException {
		byte[] all = Messages.query("select 1");
		MessageBuffer buffer = buffer(Arrays.copyOf(all, all.length - 1));
		assertThat(buffer.fill()).isTrue();
		assertThat(buffer.nextTyped()).isFalse();
		buffer.forward(this.link);
		assertThat(this.forwarded.size()).isZero();
		assertThat(buffer.fill()).isFalse();
	}

	@Test
	void waitsForTheRestOfALength() throws IOException {
		MessageBuffer buffer = buffer(Arrays.copyOf(Messages.query("select 1"), 4));
		buffer.fill();
		assertThat(buffer.nextTyped()).isFalse();
		assertThat(buffer.peek()).isEqualTo('Q');
	}

	@Test
	void refusesWhatIsNotTheProtocol() throws IOException {
		MessageBuffer buffer = buffer("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
		buffer.fill();
		assertThatIOException().isThrownBy(buffer::nextTyped).withMessageContaining("Not the PostgreSQL protocol");
	}

	@Test
	void refusesALengthThatDoesNotContainItself() throws IOException {
		MessageBuffer buffer = buffer(new byte[] { 'Q', 0, 0, 0, 3 });
		buffer.fill();
		assertThatIOException().isThrownBy(buffer::nextTyped).withMessageContaining("length 3");
	}

	/**
	 * Rows and parameters may have any size.
	 */
	@Test
	void takesMessagesOfAnySize() throws IOException {
		byte[] large = Messages.query("x".repeat(200_000));
		MessageBuffer buffer = buffer(Messages.join(Messages.query("a"), large, Messages.query("b")));
		while (buffer.fill()) {
			while (buffer.nextTyped()) {
				buffer.forward(this.link);
			}
		}
		assertThat(this.forwarded.toByteArray())
			.isEqualTo(Messages.join(Messages.query("a"), large, Messages.query("b")));
	}

	@Test
	void readsWhatIsInAMessage() throws IOException {
		MessageBuffer buffer = buffer(Messages.join(Messages.startUp(), Messages.prepare("S_1", "select 'ü€'"),
				Messages.message('C', "SS_1")));
		buffer.fill();
		assertThat(buffer.nextUntyped()).isTrue();
		assertThat(buffer.intInMessage(4)).isEqualTo(196608);
		assertThat(buffer.nextTyped()).isTrue();
		assertThat(buffer.type()).isEqualTo((byte) 'P');
		assertThat(buffer.stringInMessage(5, 0)).isEqualTo("S_1");
		assertThat(buffer.stringInMessage(5, 1)).isEqualTo("select 'ü€'");
		assertThat(buffer.nextTyped()).isTrue();
		assertThat(buffer.byteInMessage(5)).isEqualTo((byte) 'S');
		assertThat(buffer.peek()).isEqualTo(-1);
		assertThat(buffer.nextTyped()).isFalse();
	}

	@Test
	void stringWithoutItsEndDoesNotReachIntoTheNextMessage() throws IOException {
		MessageBuffer buffer = buffer(Messages.join(new byte[] { 'Q', 0, 0, 0, 5, 'a' }, Messages.query("b")));
		buffer.fill();
		buffer.nextTyped();
		assertThat(buffer.stringInMessage(5, 0)).isEqualTo("a");
	}

	@Test
	void forwardsWhatWasLookedAtOnce() throws IOException {
		MessageBuffer buffer = filled(Messages.query("a"), Messages.query("b"), Messages.query("c"));
		buffer.nextTyped();
		buffer.nextTyped();
		buffer.forwardEarlier(this.link);
		assertThat(this.forwarded.toByteArray()).isEqualTo(Messages.query("a"));
		buffer.forward(this.link);
		buffer.forward(this.link);
		assertThat(this.forwarded.toByteArray()).isEqualTo(Messages.join(Messages.query("a"), Messages.query("b")));
	}

	@Test
	void forwardsNothingThatWasDropped() throws IOException {
		MessageBuffer buffer = filled(Messages.query("a"), Messages.query("b"), Messages.query("c"));
		buffer.nextTyped();
		buffer.nextTyped();
		buffer.drop();
		buffer.nextTyped();
		buffer.forward(this.link);
		assertThat(this.forwarded.toByteArray()).isEqualTo(Messages.query("c"));
	}

	@Test
	void forwardsTheCurrentMessageWithoutThoseBefore() throws IOException {
		MessageBuffer buffer = filled(Messages.query("a"), Messages.query("b"));
		buffer.nextTyped();
		buffer.nextTyped();
		buffer.forwardMessage(this.link);
		assertThat(this.forwarded.toByteArray()).isEqualTo(Messages.query("b"));
	}

	@Test
	void forwardsSomethingElse() throws IOException {
		MessageBuffer buffer = filled(Messages.query("a"), Messages.query("b"), Messages.query("c"));
		buffer.nextTyped();
		buffer.nextTyped();
		buffer.replace(Messages.query("x"), this.link);
		buffer.nextTyped();
		buffer.forward(this.link);
		assertThat(this.forwarded.toByteArray()).isEqualTo(Messages.join(Messages.query("x"), Messages.query("c")));
	}

	private static MessageBuffer filled(byte[]... messages) throws IOException {
		MessageBuffer buffer = buffer(Messages.join(messages));
		buffer.fill();
		return buffer;
	}

	private static MessageBuffer buffer(byte[] bytes) {
		return new MessageBuffer(new ByteArrayInputStream(bytes));
	}

}
