package com.example.bank;

import java.math.BigDecimal;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A transfer whose connection is broken at every step.
 */
@SpringBootTest
@DisconnectTest
class TransferServiceDisconnectIntegrationTests {

	@Autowired
	private TransferService transfers;

	@Autowired
	private JdbcTemplate jdbc;

	@TestFactory
	Stream<DynamicTest> transfersOnceWhateverIsLost(DisconnectScenario scenario) {
		return scenario.given(this::reset)
			.when(() -> this.transfers.transfer(UUID.randomUUID(), -1, -2, BigDecimal.TEN))
			.tests();
	}

	private void reset() {
		this.jdbc.execute("""
				delete from ledger_entry; delete from account;
				insert into account (id, owner, balance) values (-1, 'Ada', 100), (-2, 'Bob', 0)""");
	}

}
