package com.example.bank.trial;

import com.example.bank.Account;
import com.example.bank.AccountRepository;
import com.example.bank.LedgerEntryRepository;
import com.example.bank.TransferService;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.resilience.annotation.EnableResilientMethods;

/**
 * The three banks: applications of their own, each with a pool of its own. They aren't
 * found by the component scan of this one.
 */
@EnableAutoConfiguration
@EntityScan(basePackageClasses = Account.class)
@EnableJpaRepositories(basePackageClasses = AccountRepository.class)
@Import(BankObserver.class)
abstract class BankConfiguration {

	static Class<? extends BankConfiguration> of(LaneKind lane) {
		return switch (lane) {
			case PLAIN -> Plain.class;
			case NAIVE -> Naive.class;
			case RETRYABLE -> Retryable.class;
		};
	}

	static final class Plain extends BankConfiguration {

		@Bean
		Transfers transfers(PlainTransferService service) {
			return service::transfer;
		}

		@Bean
		PlainTransferService service(AccountRepository accounts, LedgerEntryRepository ledger) {
			return new PlainTransferService(accounts, ledger);
		}

	}

	@EnableResilientMethods
	static final class Naive extends BankConfiguration {

		@Bean
		Transfers transfers(NaiveTransferService service) {
			return service::transfer;
		}

		@Bean
		NaiveTransferService service(AccountRepository accounts, LedgerEntryRepository ledger) {
			return new NaiveTransferService(accounts, ledger);
		}

	}

	@Import(TransferService.class)
	static final class Retryable extends BankConfiguration {

		@Bean
		Transfers transfers(TransferService service) {
			return service::transfer;
		}

	}

}
