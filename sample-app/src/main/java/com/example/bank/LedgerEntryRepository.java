package com.example.bank;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * The ledger.
 */
public interface LedgerEntryRepository extends JpaRepository<LedgerEntry, Long> {

	Optional<LedgerEntry> findByTransferId(UUID transferId);

	List<LedgerEntry> findByFromAccountOrToAccountOrderById(long fromAccount, long toAccount);

}
