package io.github.resilientdb.matrix;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.matrix.Cell.Access;
import io.github.resilientdb.matrix.Cell.Mode;
import io.github.resilientdb.matrix.Cell.Verification;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
import io.github.resilientdb.testsupport.FaultProxy;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a connection is lost, and what becomes of the call. Each asserts that its fault
 * fired; {@link Trial} sees to it that it did so on the right kind of connection.
 */
enum Loss {

	/**
	 * The connection ends at a statement.
	 */
	STATEMENT {

		@Override
		void run(MatrixApplication application, Access access) {
			Trial trial = trial(application, access);
			trial.call((attempt) -> {
				trial.write();
				ArmedFault fault = (attempt == 1)
						? application.proxy().arm(Fault.DROP_REQUEST, Statements.containing("shared_row")) : null;
				try {
					trial.lock();
				}
				finally {
					awaitFired(fault);
				}
				return null;
			});
			trial.assertReturnedAfter(2);
		}

	},

	/**
	 * The session is ended before a row is read that is there.
	 */
	READ {

		@Override
		void run(MatrixApplication application, Access access) {
			Trial trial = trial(application, access);
			trial.call((attempt) -> {
				if (attempt == 1) {
					trial.endSession();
				}
				String found = trial.find("there");
				if (found != null) {
					trial.write();
				}
				return found;
			});
			assertThat(trial.result()).as("the row").isEqualTo("there");
			trial.assertReturnedAfter(2);
		}

	},

	/**
	 * The session is ended after the last statement, before COMMIT.
	 */
	BEFORE_COMMIT {

		@Override
		void run(MatrixApplication application, Access access) {
			Trial trial = trial(application, access);
			trial.call((attempt) -> {
				trial.write();
				if (attempt == 1) {
					trial.endSession();
				}
				return null;
			});
			// the server's farewell, if it is seen before COMMIT is sent, tells enough
			if (isVerified(application) || !trial.isUnknown()) {
				trial.assertReturnedAfter(2);
			}
			else {
				trial.assertUnknown(0);
			}
		}

	},

	/**
	 * COMMIT does not reach the server, which sees the end of the connection.
	 */
	COMMIT_REQUEST {

		@Override
		void run(MatrixApplication application, Access access) {
			loseCommit(Fault.DROP_REQUEST, application, access, 2, 0);
		}

	},

	/**
	 * COMMIT is answered; the answer is lost.
	 */
	COMMIT_REPLY {

		@Override
		void run(MatrixApplication application, Access access) {
			loseCommit(Fault.DROP_RESPONSE, application, access, 1, 1);
		}

	},

	/**
	 * COMMIT does not reach the server, which goes on waiting for it, holding the locks
	 * that the rerun needs.
	 */
	HALF_OPEN {

		@Override
		void run(MatrixApplication application, Access access) {
			loseCommit(Fault.DROP_REQUEST_SERVER_OPEN, application, access, 2, 0);
		}

	},

	/**
	 * The session is ended between COMMIT and the return of the connection.
	 */
	CLOSE {

		@Override
		void run(MatrixApplication application, Access access) {
			Trial trial = trial(application, access);
			AtomicInteger ended = new AtomicInteger();
			trial.call((attempt) -> {
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCompletion(int status) {
						trial.endSession();
						ended.incrementAndGet();
					}

				});
				trial.write();
				return null;
			});
			assertThat(ended).as("sessions ended").hasValue(1);
			trial.assertReturnedAfter(1);
			callUndisturbed(application, access);
		}

	},

	/**
	 * The sessions are ended while nobody uses them.
	 */
	CHECKOUT {

		@Override
		@Nullable String impossible(Cell cell) {
			return (cell.setup().mode() == Mode.NONE)
					? "nothing waits to be checked out, each checkout opens a connection" : null;
		}

		@Override
		void run(MatrixApplication application, Access access) {
			callUndisturbed(application, access);
			assertThat(application.server().terminateSessions(application.database())).as("sessions ended")
				.isPositive();
			awaitEndOfConnections(application);
			callUndisturbed(application, access);
		}

	},

	/**
	 * The sessions are ended, and connects are not answered: a call waits until its
	 * deadline, and takes no place for ever.
	 */
	SILENT_CONNECT {

		@Override
		void run(MatrixApplication application, Access access) {
			FaultProxy proxy = application.proxy();
			long connections = proxy.traffic().connections();
			application.server().terminateSessions(application.database());
			awaitEndOfConnections(application);
			proxy.blackHoleEverything();
			Trial trial = trial(application, access);
			trial.callHurried((attempt) -> {
				trial.write();
				return null;
			});
			assertThat(proxy.traffic().connections() - connections).as("connects that were not answered").isPositive();
			trial.assertFailedBeforeItBegan();
			proxy.heal();
			callUndisturbed(application, access);
		}

	},

	/**
	 * COMMIT's answer is lost, and connects are not answered: nobody can tell the outcome
	 * until the deadline.
	 */
	SILENT_VERIFICATION {

		@Override
		void run(MatrixApplication application, Access access) {
			callUndisturbed(application, access);
			FaultProxy proxy = application.proxy();
			Trial trial = trial(application, access);
			ArmedFault fault = proxy.arm(Fault.DROP_RESPONSE);
			trial.callHurried((attempt) -> {
				trial.write();
				proxy.blackHoleNewConnections();
				return null;
			});
			awaitFired(fault);
			trial.assertUnknown(1);
			proxy.heal();
			callUndisturbed(application, access);
		}

	};

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final AtomicInteger NUMBERS = new AtomicInteger();

	/**
	 * Lose a connection, and fail unless everything is as promised.
	 */
	abstract void run(MatrixApplication application, Access access);

	/**
	 * Tell why this can't happen in a cell.
	 * @return the reason, {@code null} if it can
	 */
	@Nullable String impossible(Cell cell) {
		return null;
	}

	private static Trial trial(MatrixApplication application, Access access) {
		return new Trial(application, access, "note " + NUMBERS.incrementAndGet());
	}

	/**
	 * Lose a COMMIT.
	 * @param attempts how many there are if its outcome is looked for
	 * @param written how many notes there are if nobody knows the outcome
	 */
	private static void loseCommit(Fault kind, MatrixApplication application, Access access, int attempts,
			int written) {
		Trial trial = trial(application, access);
		ArmedFault fault = application.proxy().arm(kind);
		trial.call((attempt) -> {
			trial.lock();
			trial.write();
			return null;
		});
		awaitFired(fault);
		if (isVerified(application)) {
			trial.assertReturnedAfter(attempts);
		}
		else {
			trial.assertUnknown(written);
		}
	}

	private static void callUndisturbed(MatrixApplication application, Access access) {
		Trial trial = trial(application, access);
		trial.call((attempt) -> {
			trial.write();
			return null;
		});
		trial.assertReturnedAfter(1);
	}

	/**
	 * Wait until the sessions that were ended are, with those that were being opened.
	 */
	private static void awaitEndOfConnections(MatrixApplication application) {
		Awaitility.await().atMost(PATIENCE).until(() -> {
			application.server().terminateSessions(application.database());
			return application.proxy().openConnections() == 0;
		});
	}

	private static void awaitFired(@Nullable ArmedFault fault) {
		if (fault != null) {
			fault.await(PATIENCE);
		}
	}

	private static boolean isVerified(MatrixApplication application) {
		return application.setup().verification() != Verification.NONE;
	}

}
