package com.example.bank;

import java.util.Collection;
import java.util.List;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;

/**
 * The accounts.
 */
public interface AccountRepository extends JpaRepository<Account, Long> {

	List<Account> findAllByOrderById();

	/**
	 * Lock accounts until the end of the transaction, in the order of their ids, so that
	 * two transfers between the same accounts wait for each other instead of deadlocking.
	 * @param ids the ids
	 * @return those that exist
	 */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	List<Account> findByIdInOrderById(Collection<Long> ids);

}
