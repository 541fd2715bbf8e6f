package com.example.bank;

import java.math.BigDecimal;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataIntegrityViolationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "show.tour=false")
class TransferServiceIntegrationTests {

	@Autowired
	private AccountService accounts;

	@Autowired
	private TransferService transfers;

	@Test
	void ruleViolationLeavesEverythingAsItWas() {
		long from = open("10");
		long to = open("0");
		assertThatExceptionOfType(RuleViolationException.class)
			.isThrownBy(() -> this.transfers.transfer(UUID.randomUUID(), from, to, BigDecimal.TEN.add(BigDecimal.ONE)));
		assertThat(this.accounts.find(from).getBalance()).isEqualByComparingTo("10");
		assertThat(this.accounts.ledger(from)).isEmpty();
	}

	@Test
	void transferIdIsUnique() {
		long from = open("10");
		long to = open("0");
		UUID id = UUID.randomUUID();
		this.transfers.transfer(id, from, to, BigDecimal.ONE);
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.transfers.transfer(id, from, to, BigDecimal.ONE));
		assertThat(this.accounts.find(to).getBalance()).isEqualByComparingTo("1");
	}

	private long open(String balance) {
		return this.accounts.open("Ada", new BigDecimal(balance)).getId();
	}

}
