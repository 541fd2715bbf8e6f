package com.example.bank.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlainTransferServiceTests {

	private static final Path SOURCES = Path.of("src/main/java/com/example/bank");

	@Test
	void differsFromTheTransferServiceByTheAnnotationOnly() throws IOException {
		String retryable = body("TransferService.java");
		assertThat(retryable).contains("@RetryableTransaction");
		assertThat(body("demo/PlainTransferService.java"))
			.isEqualTo(retryable.replace("@RetryableTransaction", "@Transactional")
				.replace("TransferService", "PlainTransferService"));
	}

	private String body(String file) throws IOException {
		String source = Files.readString(SOURCES.resolve(file));
		return source.substring(source.indexOf("public class"));
	}

}
