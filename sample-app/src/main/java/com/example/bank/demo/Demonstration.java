package com.example.bank.demo;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import com.example.bank.trial.FaultStatus;
import com.example.bank.trial.Trial;
import com.example.bank.trial.TrialEvent;
import com.example.bank.trial.TrialEvent.Type;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.Assert;

/**
 * The trial on the command line: everything is broken once, one after the other, and in
 * the end the figures say what came of it.
 */
public class Demonstration {

	/**
	 * With the code of Ctrl-C itself, 130, spring-boot:run reports a success.
	 */
	private static final int STOPPED_EARLY = 3;

	/**
	 * How long answers are waited for if the demonstration is cut short.
	 */
	private static final Duration HURRY = Duration.ofSeconds(3);

	static final Duration SETTLED = Duration.ofSeconds(2);

	private final DemoProperties properties;

	private final Trial trial;

	private final Consumer<String> console;

	private final Duration settled;

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPENING);

	private long lastEvent;

	Demonstration(DemoProperties properties, Trial trial, Consumer<String> console, Duration settled) {
		this.properties = properties;
		this.trial = trial;
		this.console = console;
		this.settled = settled;
	}

	/**
	 * Run the demonstration.
	 * @param args the arguments of the application
	 * @return whether the guarantees held
	 */
	public static boolean run(String[] args) {
		System.out.println("Starting PostgreSQL, and three banks on it. This takes some seconds.");
		Thread signOfLife = SignOfLife.start();
		SpringApplication application = new SpringApplication(DemoConfiguration.class);
		application.setAdditionalProfiles("demo");
		application.setRegisterShutdownHook(false);
		try (ConfigurableApplicationContext context = application.run(args)) {
			Demonstration demonstration = context.getBeanProvider(Demonstration.class).getIfAvailable();
			Assert.state(demonstration != null,
					"The demonstration breaks its server: run it without the profile 'postgres', on the embedded one");
			Thread hook = new Thread(() -> demonstration.cutShort(context), "demonstration-cut-short");
			Runtime.getRuntime().addShutdownHook(hook);
			demonstration.open(signOfLife);
			return demonstration.run();
		}
	}

	private void open(Thread signOfLife) {
		this.console.accept("PostgreSQL is running.");
		try {
			this.trial.open(this.console);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("The demonstration was interrupted", ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The tables of the demonstration can't be set up", ex);
		}
		finally {
			signOfLife.interrupt();
		}
	}

	boolean run() {
		try {
			explain();
			Report report = work();
			return advance(Phase.WORKING, Phase.OVER) && print(report);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("The demonstration was interrupted", ex);
		}
		catch (SQLException | ExecutionException ex) {
			throw new IllegalStateException("The demonstration did not come to its end", ex);
		}
	}

	private void explain() {
		this.console.accept("""

				Three banks do the same on one database that is broken meanwhile:
				  A  @Transactional          Spring Boot alone
				  B  @Retryable              the same, with Spring's retry around it
				  C  @RetryableTransaction   resilient-db
				Each has %s clients, who make at most %s calls a second, and a pool of its own,
				all of one size. A client whose call waits, or is rerun, makes fewer calls.
				A call of C may take 60 s (resilientdb.retry.deadline). Ctrl-C ends it all.
				""".formatted(this.properties.threads(), this.properties.rate()));
	}

	private Report work() throws InterruptedException, SQLException, ExecutionException {
		this.phase.set(Phase.WORKING);
		FutureTask<Boolean> schedule = new FutureTask<>(new Schedule(this.trial, this.properties.duration()));
		Thread thread = new Thread(schedule, "demonstration-schedule");
		thread.setDaemon(true);
		this.trial.start(this.properties.load());
		thread.start();
		Progress progress = new Progress();
		say(progress.header());
		for (long second = 1; !isOver(schedule); second++) {
			say(progress.line(second, this.trial.sample(), broken()));
		}
		boolean idle = schedule.get();
		if (!idle) {
			say("Some calls have no answer yet, after " + Schedule.GRACE.toSeconds() + " s.");
		}
		Thread.sleep(this.settled.toMillis());
		return Report.of(this.trial.compareNow());
	}

	private boolean isOver(FutureTask<Boolean> schedule) throws InterruptedException, ExecutionException {
		try {
			schedule.get(1, TimeUnit.SECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	private Collection<String> broken() {
		Collection<String> broken = new LinkedHashSet<>();
		for (TrialEvent event : this.trial.eventsSince(this.lastEvent)) {
			this.lastEvent = event.number();
			if (event.type() == Type.FAULT) {
				broken.add(event.text());
			}
			else if (event.type() == Type.HEALED && event.text().startsWith("could not")) {
				say(event.text());
			}
		}
		this.trial.breaker()
			.status()
			.stream()
			.filter(FaultStatus::inForce)
			.forEach((status) -> broken.add(status.kind().effect()));
		return broken;
	}

	private boolean print(Report report) {
		this.console.accept("");
		report.table().forEach(this.console);
		this.console.accept("");
		report.reasons().forEach(this.console);
		this.console.accept("");
		report.verdict().forEach(this.console);
		return report.guaranteesHeld();
	}

	private void say(String line) {
		if (this.phase.get() == Phase.WORKING) {
			this.console.accept(line);
		}
	}

	private void cutShort(ConfigurableApplicationContext context) {
		reportEarly();
		context.close();
		if (this.phase.get() != Phase.OVER) {
			System.out.flush();
			Runtime.getRuntime().halt(STOPPED_EARLY);
		}
	}

	/**
	 * Ctrl-C: what came of it until now.
	 */
	void reportEarly() {
		if (advance(Phase.WORKING, Phase.CUT_SHORT)) {
			this.console.accept("");
			this.console.accept("Stopped early. This is what came of it so far:");
			try {
				this.trial.stop();
				this.trial.breaker().close();
				this.trial.awaitIdle(HURRY);
				print(Report.of(this.trial.compareNow()));
			}
			catch (SQLException ex) {
				this.console.accept("The database does not answer: " + ex.getMessage());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private boolean advance(Phase from, Phase to) {
		return this.phase.compareAndSet(from, to);
	}

	/**
	 * Who prints.
	 */
	private enum Phase {

		OPENING, WORKING, OVER, CUT_SHORT

	}

}
