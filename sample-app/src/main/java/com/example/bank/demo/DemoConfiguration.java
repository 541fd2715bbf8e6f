package com.example.bank.demo;

import com.example.bank.AccountRepository;
import com.example.bank.AccountService;
import com.example.bank.LedgerEntryRepository;
import com.example.bank.TransferService;
import com.example.bank.embedded.EmbeddedDatabase;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@Profile("demo")
@EnableConfigurationProperties(DemoProperties.class)
class DemoConfiguration {

	@Bean
	PlainTransferService plainTransferService(AccountRepository accounts, LedgerEntryRepository ledger) {
		return new PlainTransferService(accounts, ledger);
	}

	@Bean
	@Profile("!postgres")
	Reruns reruns() {
		return new Reruns();
	}

	@Bean
	@Profile("!postgres")
	Demonstration demonstration(DemoProperties properties, EmbeddedDatabase database, AccountService accounts,
			TransferService transfers, Reruns reruns, JdbcClient jdbcClient) {
		return new Demonstration(properties, database, accounts, transfers, reruns, jdbcClient);
	}

}
