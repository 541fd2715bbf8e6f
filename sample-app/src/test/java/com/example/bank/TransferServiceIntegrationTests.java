package com.example.bank;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.example.bank.embedded.EmbeddedDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataIntegrityViolationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SpringBootTest(webEnvironment = WebEnvironment.NONE)
class TransferServiceIntegrationTests {

	@Autowired
	private AccountService accounts;

	@Autowired
	private TransferService transfers;

	@Autowired
	private EmbeddedDatabase database;

	@Test
	void transferIsRerunIfItsConnectionIsLost() throws Exception {
		long from = open("10");
		long to = open("0");
		UUID id = UUID.randomUUID();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Connection lock = connect(); Connection administrator = connect()) {
			lock.setAutoCommit(false);
			lock.createStatement().execute("select from account where id = %d for update".formatted(to));
			Future<LedgerEntry> transfer = executor.submit(() -> this.transfers.transfer(id, from, to, BigDecimal.ONE));
			Awaitility.await().until(() -> endSessionsThatWait(administrator) == 1);
			lock.rollback();
			assertThat(transfer.get().getTransferId()).isEqualTo(id);
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(this.accounts.find(from).getBalance()).isEqualByComparingTo("9");
		assertThat(this.accounts.find(to).getBalance()).isEqualByComparingTo("1");
		assertThat(this.accounts.ledger(from)).singleElement().returns(id, LedgerEntry::getTransferId);
	}

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

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(this.database.getJdbcUrl(), this.database.getUsername(),
				this.database.getPassword());
	}

	private int endSessionsThatWait(Connection administrator) throws SQLException {
		try (Statement statement = administrator.createStatement(); ResultSet ended = statement.executeQuery("""
				select count(pg_terminate_backend(pid)) from pg_stat_activity
				where wait_event_type = 'Lock'""")) {
			ended.next();
			return ended.getInt(1);
		}
	}

}
