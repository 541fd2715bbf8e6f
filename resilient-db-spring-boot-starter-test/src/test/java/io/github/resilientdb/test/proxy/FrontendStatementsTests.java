package io.github.resilientdb.test.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

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
	void forgetsClosedPortals() throws IOException {
		send('P', "S_1", "select 1", "\0");
		send('B', "p", "S_1", "\0\0\0\0\0");
		send('C', "Pp");
		send('E', "p", "\0\0\0");
		send('B', "p", "S_1", "\0\0\0\0\0");
		send('E', "p", "\0\0\0");
		assertThat(executed()).containsExactly("", "select 1");
	}

	@Test
	void statementThatIsPreparedAnewCounts() throws IOException {
		send('P', "", "select 1", "\0");
		send('P', "", "select 2", "\0");
		send('B', "", "", "\0\0\0\0\0");
		send('E', "", "\0\0\0");
		assertThat(executed()).containsExactly("select 2");
	}

	@Test
	void forgetsClosedStatements() throws IOException {
		send('P', "S_1", "select 1", "\0");
		send('C', "SS_1");
		send('B', "", "S_1", "\0\0\0\0\0");
		send('E', "", "\0\0\0");
		assertThat(executed()).containsExactly("");
	}

	private void send(char type, String... strings) {
		this.sent.writeBytes(Messages.message(type, strings));
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
