package io.github.resilientdb.pool;

/**
 * The last attempt of a pool to open a connection, which failed.
 *
 * @param reason why, in one word of the bounded list
 * @param failure what the driver threw
 */
public record FailedConnect(String reason, Exception failure) {

}
