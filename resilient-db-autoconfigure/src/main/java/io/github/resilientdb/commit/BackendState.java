package io.github.resilientdb.commit;

/**
 * What the server reports, over another connection, about the process that serves one.
 */
public enum BackendState {

	/**
	 * It is executing something.
	 */
	WORKING,

	/**
	 * It is waiting for the next request, or for the client to read its answer.
	 */
	WAITING,

	/**
	 * There is no such process any more.
	 */
	GONE,

	/**
	 * The cluster has had a new primary since then: nothing done here counts any more.
	 */
	SUPERSEDED,

	/**
	 * The answer comes from another server, which knows nothing about it.
	 */
	ELSEWHERE,

	/**
	 * Nobody can tell which process it is (behind a pooler), or its state is hidden.
	 */
	UNIDENTIFIED

}
