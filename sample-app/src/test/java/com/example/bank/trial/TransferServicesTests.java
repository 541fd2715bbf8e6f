package com.example.bank.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TransferServicesTests {

	private static final Path SOURCES = Path.of("src/main/java/com/example/bank");

	@Test
	void differByTheirAnnotationsOnly() throws IOException {
		String retryable = body("TransferService.java");
		assertThat(retryable).contains("\t@RetryableTransaction\n");
		assertThat(body("trial/PlainTransferService.java"))
			.isEqualTo(retryable.replace("@RetryableTransaction", "@Transactional")
				.replace("TransferService", "PlainTransferService"));
		assertThat(body("trial/NaiveTransferService.java").replaceFirst("@Retryable\\(.*\\)\n\t@Transactional",
				"@RetryableTransaction"))
			.isEqualTo(retryable.replace("TransferService", "NaiveTransferService"));
	}

	private String body(String file) throws IOException {
		String source = Files.readString(SOURCES.resolve(file));
		return source.substring(source.indexOf("public class"));
	}

}
