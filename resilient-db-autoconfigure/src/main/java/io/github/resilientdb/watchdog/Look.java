package io.github.resilientdb.watchdog;

import io.github.resilientdb.commit.BackendState;

/**
 * What one look at a server showed of a call that waits for it.
 */
enum Look {

	/**
	 * The server process is at work.
	 */
	WORKING,

	/**
	 * It waits for us, as we do for it.
	 */
	WAITING,

	/**
	 * It is gone.
	 */
	GONE,

	/**
	 * The cluster has another primary.
	 */
	SUPERSEDED,

	/**
	 * Not a byte came in answer to an attempt to connect.
	 */
	SILENT,

	/**
	 * Nothing that proves anything: a refusal, another server, a pooler.
	 */
	INCONCLUSIVE;

	static Look of(BackendState state) {
		return switch (state) {
			case WORKING -> WORKING;
			case WAITING -> WAITING;
			case GONE -> GONE;
			case SUPERSEDED -> SUPERSEDED;
			case ELSEWHERE, UNIDENTIFIED -> INCONCLUSIVE;
		};
	}

}
