package com.example.bank.demo;

import java.util.List;

import com.example.bank.trial.LaneKind;
import com.example.bank.trial.LaneSample;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressTests {

	private final Progress progress = new Progress();

	@Test
	void showsWhatHappenedSinceTheLastTime() {
		this.progress.line(1, samples(10), List.of());
		assertThat(this.progress.line(2, samples(30), List.of("server crashed")).replaceAll(" +", " "))
			.isEqualTo(" 2s| 20 20| 20 20 20| 20 20 20| server crashed");
	}

	@Test
	void isNotWiderThanATerminal() {
		assertThat(this.progress.header().lines()).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(80));
		assertThat(this.progress.line(999, samples(99999), List.of("replies to COMMIT lost")))
			.hasSizeLessThanOrEqualTo(80);
	}

	@Test
	void goesOnInTheNextLineIfSeveralThingsAreBroken() {
		String shown = this.progress.line(2, samples(1), List.of("COMMITs lost", "replies to COMMIT lost"));
		int column = this.progress.header().lines().toList().get(1).lastIndexOf('|');
		assertThat(shown.lines()).hasSize(2)
			.allSatisfy((line) -> assertThat(line.lastIndexOf('|')).isEqualTo(column))
			.allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(80));
		assertThat(shown).containsSubsequence("| COMMITs lost,\n", "| replies to COMMIT lost");
	}

	private List<LaneSample> samples(long count) {
		return List.of(new LaneSample(LaneKind.PLAIN, count, count, count, null, null, 0),
				new LaneSample(LaneKind.NAIVE, count, count, count, null, null, 0),
				new LaneSample(LaneKind.RETRYABLE, count, count, count, null, null, 0));
	}

}
