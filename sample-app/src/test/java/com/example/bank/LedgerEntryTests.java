package com.example.bank;

import java.math.BigDecimal;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LedgerEntryTests {

	private final UUID id = UUID.randomUUID();

	@Test
	void isTheSameTransferWhateverTheScaleOfTheAmount() {
		LedgerEntry entry = new LedgerEntry(this.id, 1, 2, new BigDecimal("5"));
		assertThat(entry.isSameTransferAs(new LedgerEntry(this.id, 1, 2, new BigDecimal("5.00")))).isTrue();
	}

	@Test
	void isAnotherTransferIfAnythingDiffers() {
		LedgerEntry entry = new LedgerEntry(this.id, 1, 2, BigDecimal.TEN);
		assertThat(entry.isSameTransferAs(new LedgerEntry(UUID.randomUUID(), 1, 2, BigDecimal.TEN))).isFalse();
		assertThat(entry.isSameTransferAs(new LedgerEntry(this.id, 3, 2, BigDecimal.TEN))).isFalse();
		assertThat(entry.isSameTransferAs(new LedgerEntry(this.id, 1, 3, BigDecimal.TEN))).isFalse();
		assertThat(entry.isSameTransferAs(new LedgerEntry(this.id, 1, 2, BigDecimal.ONE))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "0.001" })
	void refusesABadAmount(BigDecimal amount) {
		assertThatExceptionOfType(RuleViolationException.class).isThrownBy(() -> new LedgerEntry(this.id, 1, 2, amount))
			.withMessageContaining(amount.toString());
	}

	@Test
	void refusesATransferToTheSameAccount() {
		assertThatExceptionOfType(RuleViolationException.class)
			.isThrownBy(() -> new LedgerEntry(this.id, 1, 1, BigDecimal.TEN));
	}

}
