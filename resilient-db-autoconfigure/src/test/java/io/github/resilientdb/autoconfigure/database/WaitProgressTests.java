package io.github.resilientdb.autoconfigure.database;

import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WaitProgress}.
 */
@ExtendWith(CapturedLog.Extension.class)
class WaitProgressTests {

	@Test
	void saysHowLongAndWhyItWaitsNow(CapturedLog log) {
		String[] reason = { "no answer yet" };
		try (WaitProgress progress = new WaitProgress("dataSource", "localhost:5432/bank", "30s", () -> reason[0])) {
			progress.report();
			reason[0] = "the database system is starting up";
			progress.report();
		}
		assertThat(log.toString()).hasToString(
				"INFO Waiting for the database of DataSource 'dataSource' at localhost:5432/bank, 1s of 30s: no answer yet\n"
						+ "INFO Waiting for the database of DataSource 'dataSource' at localhost:5432/bank, 2s of 30s: "
						+ "the database system is starting up");
	}

}
