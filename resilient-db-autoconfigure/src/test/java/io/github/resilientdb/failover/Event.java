package io.github.resilientdb.failover;

import io.github.resilientdb.testsupport.HaCluster;

/**
 * What happens to the primary.
 */
enum Event {

	/**
	 * It is handed over, as planned.
	 */
	SWITCHOVER {

		@Override
		void happen(HaCluster cluster) {
			cluster.switchover();
		}

	},

	/**
	 * It is killed, and another one is elected at once.
	 */
	KILL {

		@Override
		void happen(HaCluster cluster) {
			cluster.killPrimary();
		}

	},

	/**
	 * It falls silent, and another one is elected at once.
	 */
	PAUSE {

		@Override
		void happen(HaCluster cluster) {
			cluster.pausePrimary();
		}

	},

	/**
	 * The same, and it is fenced before it comes back.
	 */
	PAUSE_FENCED {

		@Override
		void happen(HaCluster cluster) {
			cluster.pausePrimary();
		}

	},

	/**
	 * It falls silent, and its lease is waited for.
	 */
	PAUSE_WITH_LEASE {

		@Override
		void happen(HaCluster cluster) {
			cluster.pausePrimary();
		}

	},

	/**
	 * It is cut off from the network, and another one is elected at once.
	 */
	PARTITION {

		@Override
		void happen(HaCluster cluster) {
			cluster.cutOffPrimary();
		}

	};

	abstract void happen(HaCluster cluster);

	/**
	 * Return whether somebody sees to it that another primary is elected at once.
	 */
	boolean isElectionHastened() {
		return this != SWITCHOVER && this != PAUSE_WITH_LEASE;
	}

	/**
	 * Return whether the old primary closes no connection, and comes back while the
	 * clients write.
	 */
	boolean isSilence() {
		return this != SWITCHOVER && this != KILL;
	}

}
