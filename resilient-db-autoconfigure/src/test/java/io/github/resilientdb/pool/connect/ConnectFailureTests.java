package io.github.resilientdb.pool.connect;

import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectFailureTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			08P01, OTHER,       NOT_YET
			57P03, UNAVAILABLE, NOT_YET
			53300, UNAVAILABLE, NOT_YET
			08001, UNAVAILABLE, SILENT
			08006, DISCONNECT,  SILENT
			28P01, OTHER,       FINAL
			28000, OTHER,       FINAL
			3D000, OTHER,       FINAL
			""")
	void meansWhatTheServerMeansByIt(String state, Kind kind, ConnectFailure expected) {
		FailureVerdict verdict = new FailureVerdict(kind, Scope.NONE, "some-reason");
		assertThat(ConnectFailure.of(new SQLException("failed", state), verdict)).isEqualTo(expected);
	}

}
