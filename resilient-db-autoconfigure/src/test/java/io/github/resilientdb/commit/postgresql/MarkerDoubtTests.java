package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;

import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(CapturedLog.Extension.class)
class MarkerDoubtTests {

	@ParameterizedTest
	@CsvSource({ "AUTO, WARN", "MARKER, ERROR" })
	void beginsWithARefusalAndIsSaidOnce(VerificationMode mode, String level, CapturedLog log) {
		MarkerDoubt doubt = new MarkerDoubt(mode);
		assertThat(doubt.isInForce()).isFalse();
		for (int i = 0; i < 3; i++) {
			doubt.refused(new SQLException("permission denied", "42501"));
			assertThat(doubt.isInForce()).isTrue();
		}
		assertThat(log.toString()).startsWith(level + " The server refused the commit marker").hasLineCount(1);
		assertThat(log.toString().contains("demands")).isEqualTo(mode == VerificationMode.MARKER);
	}

}
