package io.github.resilientdb.autoconfigure.database;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseAddress}.
 */
class DatabaseAddressTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", value = {
	// @formatter:off
			"jdbc:postgresql://db:6432/bank | app | db:6432/bank | app | -h db -p 6432 -U app",
			"jdbc:postgresql://db/bank?sslmode=require&password=secret&user=in%20url | - | db:5432/bank | in url | -h db -p 5432 -U in url",
			"jdbc:postgresql://a:1,b/bank | app | a:1,b:5432/bank | app | -h a -p 1 -U app",
			"jdbc:postgresql://[::1]:5433/bank | app | [::1]:5433/bank | app | -h [::1] -p 5433 -U app",
			"jdbc:postgresql:bank | app | localhost:5432/bank | app | -h localhost -p 5432 -U app",
			"jdbc:postgresql:///bank | - | localhost:5432/bank | - | -h localhost -p 5432",
			"jdbc:postgresql://db/ | app | db:5432/app | app | -h db -p 5432 -U app",
			"jdbc:postgresql://db | app | db:5432/app | app | -h db -p 5432 -U app",
			"jdbc:mysql://root:secret@db/bank?password=secret | app | jdbc:mysql://db/bank | app | -h localhost -p 5432 -U app",
			"jdbc:h2:mem:bank;PASSWORD=secret | - | jdbc:h2:mem:bank | - | -h localhost -p 5432"
	// @formatter:on
	})
	void readsAUrlWithoutItsSecrets(String url, @Nullable String username, String text, @Nullable String user,
			String options) {
		DatabaseAddress address = DatabaseAddress.of(url, username);
		assertThat(address).hasToString(text);
		assertThat(address.user()).isEqualTo(user);
		assertThat(address.options()).isEqualTo(options);
		assertThat(String.valueOf(address.url())).doesNotContain("secret");
	}

	@Test
	void knowsNothingWithoutAUrl() {
		assertThat(DatabaseAddress.of(null, null)).hasToString("an address that only the DataSource knows");
	}

}
