package com.example.bank;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void applicationStartsWithTheConfiguration() throws Exception {
		Path configuration = this.directory.resolve("readme.yml");
		Files.writeString(configuration, String.join("\n", ReadmeTests.blocks("yaml")));
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(BankApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.config.additional-location=" + configuration.toUri())) {
			assertThat(context.getEnvironment().getProperty("resilientdb.retry.deadline")).isEqualTo("10s");
			AccountService accounts = context.getBean(AccountService.class);
			assertThat(accounts.open("Ada", BigDecimal.TEN).getOwner()).isEqualTo("Ada");
		}
	}

}
