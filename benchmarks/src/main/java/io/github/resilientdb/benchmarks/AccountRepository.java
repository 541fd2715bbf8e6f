package io.github.resilientdb.benchmarks;

import org.springframework.data.repository.CrudRepository;

/**
 * The accounts of the bank.
 */
interface AccountRepository extends CrudRepository<Account, Integer> {

}
