/**
 * Repositories of Spring Data that are annotated as a whole.
 */
@NullMarked
package io.github.resilientdb.retry.repository;

import org.jspecify.annotations.NullMarked;
