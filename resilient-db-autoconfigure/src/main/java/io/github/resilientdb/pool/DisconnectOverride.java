package io.github.resilientdb.pool;

import java.sql.SQLException;

import com.zaxxer.hikari.SQLExceptionOverride;
import org.jspecify.annotations.Nullable;

/**
 * Keeps HikariCP from evicting a broken connection at once, as it would answer all that
 * follows with "Connection is closed", which hides the reason: the guard, which has seen
 * the failure before, looks after the connection instead.
 */
final class DisconnectOverride implements SQLExceptionOverride {

	private final @Nullable SQLExceptionOverride users;

	DisconnectOverride(@Nullable SQLExceptionOverride users) {
		this.users = users;
	}

	@java.lang.Override
	public Override adjudicate(SQLException failure) {
		boolean evict = this.users != null && this.users.adjudicate(failure) == Override.MUST_EVICT;
		return evict ? Override.MUST_EVICT : Override.DO_NOT_EVICT;
	}

}
