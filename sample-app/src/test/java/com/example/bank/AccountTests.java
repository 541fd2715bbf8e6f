package com.example.bank;

import java.math.BigDecimal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AccountTests {

	@Test
	void depositsAndWithdraws() {
		Account account = new Account("Ada", new BigDecimal("10.00"));
		account.deposit(new BigDecimal("2.50"));
		account.withdraw(new BigDecimal("12.50"));
		assertThat(account.getBalance()).isZero();
	}

	@Test
	void refusesToPayMoreThanItHas() {
		Account account = new Account("Ada", new BigDecimal("10.00"));
		assertThatExceptionOfType(RuleViolationException.class)
			.isThrownBy(() -> account.withdraw(new BigDecimal("10.01")));
		assertThat(account.getBalance()).isEqualByComparingTo("10.00");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-0.01", "0.001" })
	void refusesToOpenWithABadBalance(BigDecimal balance) {
		assertThatExceptionOfType(RuleViolationException.class).isThrownBy(() -> new Account("Ada", balance))
			.withMessageContaining(balance.toString());
	}

	@Test
	void refusesToOpenForNobody() {
		assertThatExceptionOfType(RuleViolationException.class).isThrownBy(() -> new Account(" ", BigDecimal.ONE));
	}

}
