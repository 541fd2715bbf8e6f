package com.example.bank;

import java.util.UUID;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;

@WebMvcTest(BankController.class)
class BankControllerTests {

	private final UUID id = UUID.randomUUID();

	@Autowired
	private MockMvcTester mvc;

	@MockitoBean
	private AccountService accounts;

	@MockitoBean
	private TransferService transfers;

	@Test
	void tellsToLookTheTransferUpIfItsOutcomeIsUnknown() {
		given(this.transfers.transfer(any(), anyLong(), anyLong(), any()))
			.willThrow(new TransactionOutcomeUnknownException("no answer in time", null, null,
					new IllegalStateException("lost")));
		MvcTestResult result = transfer();
		assertThat(result).hasStatus(HttpStatus.SERVICE_UNAVAILABLE).hasHeader(HttpHeaders.RETRY_AFTER, "1");
		assertThat(result).bodyJson().extractingPath("title").isEqualTo("Outcome unknown");
		assertThat(result).bodyJson().extractingPath("lookUp").isEqualTo("/transfers/" + this.id);
	}

	@Test
	void tellsThatNothingWasDoneIfTheDatabaseFails() {
		given(this.transfers.transfer(any(), anyLong(), anyLong(), any()))
			.willThrow(new DataAccessResourceFailureException("lost"));
		assertThatNothingWasDone(transfer());
	}

	@Test
	void tellsThatNothingWasDoneIfNoTransactionBegan() {
		given(this.transfers.transfer(any(), anyLong(), anyLong(), any()))
			.willThrow(new CannotCreateTransactionException("refused"));
		assertThatNothingWasDone(transfer());
	}

	private void assertThatNothingWasDone(MvcTestResult result) {
		assertThat(result).hasStatus(HttpStatus.SERVICE_UNAVAILABLE).hasHeader(HttpHeaders.RETRY_AFTER, "1");
		assertThat(result).bodyJson().extractingPath("title").isEqualTo("Database not available");
		assertThat(result).bodyJson().doesNotHavePath("lookUp");
	}

	private MvcTestResult transfer() {
		return this.mvc.put().uri("/transfers/{id}", this.id).contentType(MediaType.APPLICATION_JSON).content("""
				{"from": 1, "to": 2, "amount": 5}""").exchange();
	}

}
