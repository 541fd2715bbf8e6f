package io.github.resilientdb.test.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the server is asked instead of a request, so that it fails as a fault wants it,
 * and its session is afterwards in the state in which a real failure leaves it.
 */
final class Substitute {

	private static final Predicate<String> COMMIT = Statements.commit();

	private Substitute() {
	}

	/**
	 * Return the message to send.
	 */
	static byte[] of(Fault fault, List<String> statements) {
		String sql = switch (fault.kind()) {
			case END_SESSION -> "rollback; select pg_terminate_backend(pg_backend_pid())";
			case ERROR -> before(statements) + raise(fault.sqlState());
			default -> throw new IllegalArgumentException("No substitute for " + fault);
		};
		return query(sql);
	}

	/**
	 * A COMMIT that fails ends its transaction; anything else leaves it aborted, also if
	 * its BEGIN came with the same request.
	 */
	private static String before(List<String> statements) {
		if (statements.stream().anyMatch(COMMIT)) {
			return "rollback; ";
		}
		return (statements.isEmpty() || !isBegin(statements.get(0))) ? "" : statements.get(0) + "; ";
	}

	private static boolean isBegin(String sql) {
		return sql.regionMatches(true, 0, "begin", 0, "begin".length());
	}

	private static String raise(String sqlState) {
		return "do $$ begin raise exception 'injected' using errcode = '" + sqlState + "'; end $$";
	}

	private static byte[] query(String sql) {
		byte[] text = sql.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(text.length + 6)
			.put((byte) 'Q')
			.putInt(text.length + 5)
			.put(text)
			.put((byte) 0)
			.array();
	}

}
