package io.github.resilientdb.commit.postgresql;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.resilientdb.commit.MarkerTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGStatement;

import static org.assertj.core.api.Assertions.assertThat;

class SessionStatementsTests {

	private static final MarkerTable TABLE = new MarkerTable("public", "marker");

	private final SessionStatements statements = new SessionStatements();

	private final List<String> prepared = new ArrayList<>();

	private final Set<Object> closed = new HashSet<>();

	private final List<String> settings = new ArrayList<>();

	private final Connection connection = proxy(Connection.class, (method, arguments) -> {
		this.prepared.add((String) arguments[0]);
		return statement();
	});

	private PreparedStatement statement() {
		return (PreparedStatement) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { PreparedStatement.class, PGStatement.class }, (proxy, method, arguments) -> {
					switch (method.getName()) {
						case "isClosed":
							return this.closed.contains(proxy);
						case "isWrapperFor":
							return true;
						case "unwrap":
							return proxy;
						case "hashCode":
							return System.identityHashCode(proxy);
						case "equals":
							return proxy == arguments[0];
						case "toString":
							return "statement";
						default:
							this.settings.add(method.getName() + " " + arguments[0]);
							return null;
					}
				});
	}

	private static <T> T proxy(Class<T> type, Call call) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> call.answer(method.getName(), arguments)));
	}

	@Test
	void eachIsPreparedOnce() throws SQLException {
		for (int i = 0; i < 3; i++) {
			this.statements.xid(this.connection);
			this.statements.markAndCommit(this.connection, TABLE, false);
			this.statements.markAndCommit(this.connection, TABLE, true);
		}
		assertThat(this.prepared).containsExactly("SELECT " + SessionStatements.XID, TABLE.markAndCommit(),
				ServerProbe.withSavepoint(TABLE.markAndCommit()));
	}

	@Test
	void whatTheApplicationOrTheDriverHasClosedIsPreparedAgain() throws SQLException {
		this.closed.add(this.statements.xid(this.connection));
		this.closed.add(this.statements.markAndCommit(this.connection, TABLE, true));
		this.statements.xid(this.connection);
		this.statements.markAndCommit(this.connection, TABLE, true);
		assertThat(this.prepared).hasSize(4);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatTheUserSetUpForHisOwnDoesNotApply(boolean pooled) throws SQLException {
		this.statements.pooled(pooled);
		this.statements.xid(this.connection);
		assertThat(this.settings).startsWith("setFetchSize 0", "setMaxRows 0", "setQueryTimeout 0");
		assertThat(this.settings.contains("setPrepareThreshold 0")).as("without a name on the server")
			.isEqualTo(pooled);
	}

	@FunctionalInterface
	private interface Call {

		Object answer(String method, Object[] arguments);

	}

}
