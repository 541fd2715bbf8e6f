package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.resilientdb.jpa.ObjectTypes.ObjectSnapshot;
import io.github.resilientdb.jpa.ObjectTypes.ObjectType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.dao.InvalidDataAccessApiUsageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ArgumentAttemptListener}.
 */
// Attempts are confined to their thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class ArgumentAttemptListenerTests {

	private final ArgumentAttemptListener listener = new ArgumentAttemptListener(() -> List.of(new Accounts()));

	private final Account account = new Account();

	@Test
	void putsArgumentsBackBeforeARerun() {
		starting("transfer", "text", null, List.of(this.account));
		this.account.balance = 1;
		this.listener.attemptDiscarded();
		assertThat(this.account.balance).isZero();
	}

	@Test
	void leavesArgumentsAfterTheLastAttempt() {
		starting("transfer", this.account);
		this.account.balance = 1;
		this.listener.attemptCompleted(true);
		assertThat(this.account.balance).isEqualTo(1);
		this.listener.attemptDiscarded();
		assertThat(this.account.balance).isEqualTo(1);
	}

	@Test
	void nestsAttempts() {
		starting("outer", this.account);
		this.account.balance = 1;
		starting("inner", this.account);
		this.account.balance = 2;
		this.listener.attemptDiscarded();
		assertThat(this.account.balance).isEqualTo(1);
		this.listener.attemptDiscarded();
		assertThat(this.account.balance).isZero();
	}

	@Test
	void refusesARerunOfWhatCannotBePutBack() {
		Account broken = new Account();
		broken.broken = true;
		starting("transfer", broken);
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(this.listener::attemptDiscarded)
			.withMessageContaining("transfer");
	}

	@Test
	void refusesARerunWithTooManyObjects() {
		List<Account> accounts = new ArrayList<>(Stream.generate(Account::new).limit(ObjectGraph.LIMIT + 1).toList());
		starting("transfer", accounts);
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(this.listener::attemptDiscarded)
			.withMessageContaining("10,000");
	}

	@Test
	void doesNotRefuseWhatIsNotRerun() {
		List<Account> accounts = new ArrayList<>(Stream.generate(Account::new).limit(ObjectGraph.LIMIT + 1).toList());
		starting("transfer", accounts);
		this.listener.attemptCompleted(false);
		starting("transfer", this.account);
		this.account.balance = 1;
		this.listener.attemptDiscarded();
		assertThat(this.account.balance).isZero();
	}

	private void starting(String call, @Nullable Object... arguments) {
		this.listener.attemptStarting(call, arguments);
	}

	static class Account {

		private int balance;

		private boolean broken;

	}

	static class Accounts extends ObjectTypes {

		@Override
		@Nullable ObjectType find(Class<?> type) {
			return (type == Account.class) ? Accounts::take : null;
		}

		private static ObjectSnapshot take(Object instance, Consumer<@Nullable Object> reached) {
			Account account = (Account) instance;
			int balance = account.balance;
			return new ObjectSnapshot() {
				@Override
				public void restoreAttributes() {
					if (account.broken) {
						throw new IllegalStateException("can't be written to");
					}
					account.balance = balance;
				}

				@Override
				public void restoreElements() {
				}
			};
		}

	}

}
