package io.github.resilientdb.test.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Which SQL the messages of a client execute, as the protocol defines them.
 */
class FrontendStatementsTests {

	private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

	@Test
	void knowsAPreparedStatementByItsName() throws IOException {
		send('P', "S_1", "select 1", "\0");
		send('B', "", "S_1", "\0\0\0\0\0");
		send('E', "", "\0\0\0");
		send('B', "p", "S_1", "\0\0\0\0\0");
		send('E', "p", "\0\0\0");
		assertThat(executed()).containsExactly("select 1", "select 1");
	}

	@Test
	void knowsSimpleQueries() throws IOException {
		send('Q', "begin");
		send('S');
		assertThat(executed()).containsExactly("begin");
	}

	@Test
	void forgetsClosedStatements() throws IOException {
		send('P', "S_1", "select 1", "\0");
		send('C', "SS_1");
		send('B', "", "S_1", "\0\0\0\0\0");
		send('E', "", "\0\0\0");
		assertThat(executed()).containsExactly("");
	}

	@Test
	void waitsForTheRestOfAMessage() throws IOException {
		send('Q', "select 1");
		byte[] all = this.sent.toByteArray();
		MessageBuffer buffer = new MessageBuffer(new ByteArrayInputStream(Arrays.copyOf(all, all.length - 1)));
		assertThat(buffer.fill()).isTrue();
		assertThat(buffer.nextTyped()).isFalse();
		assertThat(buffer.fill()).isFalse();
	}

	@Test
	void refusesWhatIsNotTheProtocol() {
		MessageBuffer buffer = new MessageBuffer(
				new ByteArrayInputStream("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
		assertThatIOException().isThrownBy(() -> {
			buffer.fill();
			buffer.nextTyped();
		}).withMessageContaining("Not the PostgreSQL protocol");
	}

	private void send(char type, String... strings) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (String string : strings) {
			body.write(string.getBytes(StandardCharsets.UTF_8));
			body.write(0);
		}
		this.sent.write(type);
		this.sent.write(ByteBuffer.allocate(4).putInt(body.size() + 4).array());
		this.sent.write(body.toByteArray());
	}

	private List<String> executed() throws IOException {
		MessageBuffer buffer = new MessageBuffer(new ByteArrayInputStream(this.sent.toByteArray()));
		FrontendStatements statements = new FrontendStatements();
		List<String> executed = new ArrayList<>();
		buffer.fill();
		while (buffer.nextTyped()) {
			String sql = statements.observe(buffer);
			if (sql != null) {
				executed.add(sql);
			}
		}
		return executed;
	}

}
