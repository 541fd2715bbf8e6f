package io.github.resilientdb.failover;

import io.github.resilientdb.testsupport.HaCluster;
import io.github.resilientdb.testsupport.HaCluster.Topology;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A planned switchover of a real cluster, noticed by no caller.
 */
class SwitchoverIntegrationTests {

	@Test
	void noCallFails() throws Exception {
		try (HaCluster cluster = HaCluster.start()) {
			Measured measured = new Trial(cluster, Topology.MULTI_HOST, Event.SWITCHOVER).run();
			assertThat(measured.isClean()).as(measured.toString()).isTrue();
			// what is measured on a quiet machine is in the documentation
			assertThat(measured.first()).isLessThan(5_000);
		}
	}

}
