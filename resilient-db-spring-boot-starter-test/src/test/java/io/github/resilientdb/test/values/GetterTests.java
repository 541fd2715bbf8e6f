package io.github.resilientdb.test.values;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Getter}.
 */
class GetterTests {

	@Test
	void callsPublicMethodsOfAClassThatIsNot() {
		Hidden hidden = new Hidden();
		assertThat(Getter.call(Hidden.class, "getName", hidden)).isEqualTo("name");
		assertThat(Getter.call(Hidden.class, "getName", hidden, "of", "both")).isEqualTo("of both");
		assertThat(Getter.call(CharSequence.class, "length", "four")).isEqualTo(4);
	}

	@Test
	void hasNoAnswerOfWhatIsNotThereOrFails() {
		Hidden hidden = new Hidden();
		assertThat(Getter.call(Hidden.class, "getNothing", hidden)).isNull();
		assertThat(Getter.call(Hidden.class, "getSecret", hidden)).isNull();
		assertThat(Getter.call(Hidden.class, "getFailure", hidden)).isNull();
	}

	private static final class Hidden {

		public String getName() {
			return "name";
		}

		public String getName(String first, String second) {
			return first + " " + second;
		}

		public String getFailure() {
			throw new IllegalStateException("not now");
		}

		String getSecret() {
			return "secret";
		}

	}

}
