package io.github.resilientdb.test;

import java.util.List;

import org.jspecify.annotations.Nullable;
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
		assertThat(this.matrix.result()).isEqualTo("2 of 3 runs as they should be");
		assertThat(this.matrix.isFine()).isFalse();
		assertThat(this.matrix.rows()).extracting((row) -> row.roundTrip().number()).containsExactly(2, 10);
		assertThat(this.matrix.rows().get(0).cell(FaultKind.SILENT)).isEqualTo(new Matrix.Cell(Verdict.UNKNOWN, true));
		assertThat(this.matrix.rows().get(1).cell(FaultKind.SILENT)).isNull();
	}

	@Test
	void countsAllRunsAndShowsTheWorst() {
		add(1, FaultKind.REPLY_LOST, Verdict.SAME, true);
		add(1, FaultKind.REPLY_LOST, Verdict.UNKNOWN, true);
		assertThat(worst()).isEqualTo(new Matrix.Cell(Verdict.UNKNOWN, true));
		add(1, FaultKind.REPLY_LOST, Verdict.HUNG, false);
		add(1, FaultKind.REPLY_LOST, Verdict.FAILED_UNCHANGED, true);
		add(1, FaultKind.REPLY_LOST, Verdict.SAME, true);
		assertThat(worst()).isEqualTo(new Matrix.Cell(Verdict.HUNG, false));
		assertThat(this.matrix.result()).isEqualTo("4 of 5 runs as they should be");
	}

	private Matrix.@Nullable Cell worst() {
		return this.matrix.rows().get(0).cell(FaultKind.REPLY_LOST);
	}

	@Test
	void isNotFineWithoutRuns() {
		assertThat(this.matrix.isFine()).isFalse();
		assertThat(this.matrix.result()).isEqualTo("not run");
		this.matrix.refuse(new IllegalStateException("the reason\nand more"));
		assertThat(this.matrix.result()).isEqualTo("not run: the reason");
		add(1, FaultKind.REPLY_LOST, Verdict.SAME, true);
		assertThat(this.matrix.isFine()).isTrue();
	}

	private void add(int number, FaultKind kind, Verdict verdict, boolean accepted) {
		this.matrix.add(new Finding(new RoundTrip(number, "db", List.of("select 1")), kind, verdict, "", List.of(), 1),
				accepted);
	}

}
