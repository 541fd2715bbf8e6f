package io.github.resilientdb.retry.repository;

import io.github.resilientdb.RetryableTransaction;

import org.springframework.data.repository.ListCrudRepository;

/**
 * Declares nothing itself.
 */
@RetryableTransaction(timeout = 27)
interface ItemRepository extends ListCrudRepository<Item, Long> {

}
