package io.github.resilientdb.pool.connect;

import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PrimaryRequirementTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					# what is set | the URL asks for standbys | whether it matters where one is led, needs a primary, does after a write
					AUTO   | false | true  | false | true
					ALWAYS | false | true  | true  | true
					NEVER  | false | false | false | false
					AUTO   | true  | false | false | false
					ALWAYS | true  | false | false | false
					""")
	void isInForceFromTheStartOrTheFirstWriteOrNever(RequirePrimary required, boolean forStandbys, boolean possible,
			boolean inForce, boolean inForceAfterWrite) {
		PrimaryRequirement primary = new PrimaryRequirement(required, forStandbys);
		assertThat(primary.isPossible()).isEqualTo(possible);
		assertThat(primary.isInForce()).isEqualTo(inForce);
		primary.wrote();
		assertThat(primary.isInForce()).isEqualTo(inForceAfterWrite);
	}

}
