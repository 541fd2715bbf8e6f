package io.github.resilientdb.test;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What came of the runs of a scenario.
 */
class MatrixTests {

	private final Matrix matrix = new Matrix("scenario");

	@Test
	void countsRunsByWhetherTheyAreAccepted() {
		add(2, FaultKind.REPLY_LOST, Verdict.SAME, true);
		add(10, FaultKind.REPLY_LOST, Verdict.HUNG, false);
		add(2, FaultKind.SILENT, Verdict.UNKNOWN, true);
		assertThat(this.matrix.count()).isEqualTo(3);
		assertThat(this.matrix.count(true)).isEqualTo(2);
		assertThat(this.matrix.count(false)).isOne();
		assertThat(this.matrix.rows()).extracting((row) -> row.roundTrip().number()).containsExactly(2, 10);
		assertThat(this.matrix.rows().get(0).cell(FaultKind.SILENT)).isEqualTo(new Matrix.Cell(Verdict.UNKNOWN, true));
		assertThat(this.matrix.rows().get(1).cell(FaultKind.SILENT)).isNull();
	}

	@Test
	void keepsTheLastOfTwoRuns() {
		add(1, FaultKind.REPLY_LOST, Verdict.HUNG, false);
		add(1, FaultKind.REPLY_LOST, Verdict.SAME, true);
		assertThat(this.matrix.count()).isOne();
		assertThat(this.matrix.count(false)).isZero();
	}

	private void add(int number, FaultKind kind, Verdict verdict, boolean accepted) {
		this.matrix.add(new Finding(new RoundTrip(number, "db", List.of("select 1")), kind, verdict, "", List.of(), 1),
				accepted);
	}

}
