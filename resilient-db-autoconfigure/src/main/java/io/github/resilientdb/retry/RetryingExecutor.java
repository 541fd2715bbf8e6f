package io.github.resilientdb.retry;

import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.CallName;
import io.github.resilientdb.RerunOperations;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.retry.RetryableCall.CallSettings;
import io.github.resilientdb.retry.method.RetryableMethod;
import io.github.resilientdb.retry.method.Selection;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Runs calls with their attempts, for the interceptor and the template.
 */
public final class RetryingExecutor implements RerunOperations {

	// Long enough for anyone, and far from where System.nanoTime() overflows
	private static final Duration MAX_DEADLINE = Duration.ofDays(365);

	private static final @Nullable Object[] NO_ARGUMENTS = {};

	private final RetrySettings settings;

	private final RetryBudgets budgets;

	private final BudgetScopes scopes;

	private final RetryLoop loop;

	private final Supplier<RetryableCallListeners> callListeners;

	private final LongSupplier nanoTime;

	private final JoinedCallLog joined;

	private final Map<RetryableMethod, CallSettings> methods = new ConcurrentHashMap<>();

	/**
	 * Create an executor.
	 * @param settings what is rerun, how often and how long
	 * @param classifier what tells the meaning of failures
	 * @param listeners receive the attempts, in this order; looked up with the first call
	 * @param callListeners receive the calls, in this order; looked up with the first
	 * call
	 * @param poolSize the size of the largest pool; looked up with the first call
	 * @param scopes which reruns share a budget
	 * @param sleeper what waits between attempts
	 */
	public RetryingExecutor(RetrySettings settings, FailureClassifier classifier,
			Supplier<? extends List<AttemptListener>> listeners,
			Supplier<? extends List<RetryableCallListener>> callListeners, IntSupplier poolSize, BudgetScopes scopes,
			ShutdownAwareSleeper sleeper) {
		this(settings, classifier, listeners, callListeners, poolSize, scopes, sleeper, System::nanoTime);
	}

	RetryingExecutor(RetrySettings settings, FailureClassifier classifier,
			Supplier<? extends List<AttemptListener>> listeners,
			Supplier<? extends List<RetryableCallListener>> callListeners, IntSupplier poolSize, BudgetScopes scopes,
			Sleeper sleeper, LongSupplier nanoTime) {
		this.settings = settings;
		this.budgets = new RetryBudgets(settings.budget(), poolSize);
		this.scopes = scopes;
		RerunDecider decider = new RerunDecider(settings.backoff(), settings.reasons(),
				() -> ThreadLocalRandom.current().nextDouble());
		this.loop = new RetryLoop(new AttemptJudge(classifier, decider, sleeper, nanoTime),
				SingletonSupplier.of(() -> new AttemptListeners(listeners.get())), sleeper, nanoTime);
		this.callListeners = SingletonSupplier.of(() -> new RetryableCallListeners(callListeners.get()));
		this.nanoTime = nanoTime;
		this.joined = new JoinedCallLog(classifier);
	}

	// A T may be null, which a cast can't say
	@Override
	@SuppressWarnings({ "unchecked", "NullAway" })
	public <T extends @Nullable Object> T execute(PlatformTransactionManager transactionManager,
			TransactionDefinition definition, Options options, Callable<T> work) {
		try {
			String name = StringUtils.hasText(definition.getName()) ? definition.getName() : "transaction";
			if (!beginsTransaction(definition.getPropagationBehavior())) {
				return (T) join(name, work::call);
			}
			return (T) execute(settings(CallName.TEMPLATE, Selection.TEMPLATE, name, null, options,
					this.scopes.of(transactionManager)), NO_ARGUMENTS, work::call);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new UndeclaredThrowableException(ex, "The callback threw an undeclared checked exception");
		}
	}

	/**
	 * Return whether a call with this propagation begins a transaction that nobody
	 * outside of it takes part in: only such a call may be rerun.
	 * @param propagation the propagation behaviour
	 * @return whether the call is the outermost one
	 */
	static boolean beginsTransaction(int propagation) {
		return switch (propagation) {
			case TransactionDefinition.PROPAGATION_REQUIRES_NEW -> true;
			case TransactionDefinition.PROPAGATION_REQUIRED, TransactionDefinition.PROPAGATION_NESTED ->
				!TransactionSynchronizationManager.isActualTransactionActive();
			default -> false;
		};
	}

	/**
	 * Run a call that takes part in a transaction of someone else, or in none.
	 */
	@Nullable Object join(String name, RetryableCall.AttemptBody body) throws Throwable {
		return this.joined.run(name, body);
	}

	CallSettings settings(RetryableMethod method) {
		CallSettings known = this.methods.get(method);
		return (known != null) ? known : this.methods.computeIfAbsent(method, this::read);
	}

	private CallSettings read(RetryableMethod method) {
		return settings(method.call(), method.selection(), method.name(), method.transactionName(), method.options(),
				this.scopes.of(method.transactionManager()));
	}

	private CallSettings settings(CallName call, Selection selection, String name, @Nullable String transactionName,
			Options options, Object budget) {
		int maxAttempts = (options.maxAttempts() > 0) ? options.maxAttempts() : this.settings.maxAttempts();
		Duration deadline = options.deadline();
		return new CallSettings(call, selection, name, transactionName, maxAttempts,
				(deadline != null) ? deadline : this.settings.deadline(), options.rerunIfUnknown(), budget);
	}

	@Nullable Object execute(CallSettings callSettings, @Nullable Object[] arguments, RetryableCall.AttemptBody body)
			throws Throwable {
		RetryBudget budget = this.budgets.get(callSettings.budget());
		budget.transactionStarted();
		RunningCall running = this.callListeners.get().starting(callSettings.call(), callSettings.name());
		return this.loop
			.run(new RetryableCall(callSettings, budget, body, arguments, deadline(callSettings.deadline()), running));
	}

	private long deadline(Duration duration) {
		Duration bounded = (duration.compareTo(MAX_DEADLINE) < 0) ? duration : MAX_DEADLINE;
		long deadline = this.nanoTime.getAsLong() + bounded.toNanos();
		AttemptLedger outer = AttemptLedger.current();
		return (outer != null && outer.deadline() - deadline < 0) ? outer.deadline() : deadline;
	}

}
