package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.postgresql.ContinuityToken.Continuity;
import io.github.resilientdb.commit.postgresql.XidVerdict.XidStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class XidVerdictTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			SAME,          COMMITTED,   COMMITTED_IF_DURABLE
			SAME,          ABORTED,     NOT_COMMITTED
			SAME,          FUTURE,      NOT_COMMITTED
			SAME,          IN_PROGRESS, WAIT_OR_FENCE
			SAME,          FORGOTTEN,   UNKNOWN_TOO_OLD
			RESTARTED,     COMMITTED,   UNKNOWN_RESTARTED
			RESTARTED,     ABORTED,     NOT_COMMITTED
			RESTARTED,     FUTURE,      NOT_COMMITTED
			RESTARTED,     IN_PROGRESS, NOT_COMMITTED
			RESTARTED,     FORGOTTEN,   UNKNOWN_TOO_OLD
			UNPROVEN,      COMMITTED,   UNKNOWN_RESTARTED
			UNPROVEN,      ABORTED,     NOT_COMMITTED
			UNPROVEN,      FUTURE,      NOT_COMMITTED
			UNPROVEN,      IN_PROGRESS, WAIT
			UNPROVEN,      FORGOTTEN,   UNKNOWN_TOO_OLD
			OTHER_CLUSTER, COMMITTED,   UNKNOWN_OTHER_CLUSTER
			OTHER_CLUSTER, ABORTED,     UNKNOWN_OTHER_CLUSTER
			OTHER_CLUSTER, FUTURE,      UNKNOWN_OTHER_CLUSTER
			OTHER_CLUSTER, IN_PROGRESS, UNKNOWN_OTHER_CLUSTER
			OTHER_CLUSTER, FORGOTTEN,   UNKNOWN_OTHER_CLUSTER
			""")
	void primaryDecides(Continuity continuity, XidStatus status, XidVerdict verdict) {
		assertThat(XidVerdict.of(false, continuity, status)).isEqualTo(verdict);
	}

	@ParameterizedTest
	@EnumSource
	void standbyNeverDecides(XidStatus status) {
		for (Continuity continuity : Continuity.values()) {
			assertThat(XidVerdict.of(true, continuity, status)).isEqualTo(XidVerdict.ASK_PRIMARY);
		}
	}

}
