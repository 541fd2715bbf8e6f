package com.example.bank;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
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

	@Test
	void markerTableIsAMigration(CapturedOutput output) throws Exception {
		String name = "resilientdb-commit-marker.sql";
		Path migration = this.directory.resolve("V2__resilientdb_commit_marker.sql");
		Files.writeString(migration, new ClassPathResource("io/github/resilientdb/commit/postgresql/" + name)
			.getContentAsString(StandardCharsets.UTF_8));
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(BankApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.flyway.locations=classpath:db/migration,filesystem:" + this.directory)) {
			assertThat(output).contains("Lost COMMITs of DataSource 'dataSource' are verified by marker");
			JdbcClient jdbc = context.getBean(JdbcClient.class);
			context.getBean(AccountService.class).open("Ada", BigDecimal.TEN);
			assertThat(jdbc.sql("select count(*) from resilientdb_commit_marker").query(Integer.class).single())
				.isOne();
		}
	}

}
