package io.github.resilientdb.commit;

/**
 * What a server says, on another connection, of the process that serves a connection.
 */
public enum BackendState {

	/**
	 * It is at work.
	 */
	WORKING,

	/**
	 * It waits for the next request, or for its answer to be taken.
	 */
	WAITING,

	/**
	 * There is no such process any more.
	 */
	GONE,

	/**
	 * The cluster has another primary since: what is done there does not count.
	 */
	SUPERSEDED,

	/**
	 * The answer comes from another server, which knows nothing of it.
	 */
	ELSEWHERE,

	/**
	 * It can't be told which process it is (behind a pooler), or its state is hidden.
	 */
	UNIDENTIFIED

}
