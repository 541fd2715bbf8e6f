package com.example.bank.trial;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.network.FaultProxy;
import com.example.bank.trial.TrialEvent.Type;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Three banks on one database, each with a pool and a proxy of its own, all with the same
 * load. Opened once; after that the load can be started and stopped, and things can be
 * broken, at any time.
 */
public class Trial implements AutoCloseable {

	static final BigDecimal BALANCE = new BigDecimal(100_000_000);

	private static final int CUSTOMERS = 8;

	private static final int SHOPS = 8;

	private final ConfigurableEnvironment environment;

	private final TrialDatabase database;

	private final Route route;

	private final EventLog log = new EventLog(Clock.systemUTC());

	private final List<FaultProxy> proxies = new CopyOnWriteArrayList<>();

	private final List<Lane> lanes = new CopyOnWriteArrayList<>();

	private final Bank.Opener banks;

	private final Breaker breaker;

	private final Audit audit;

	/**
	 * Prepare a trial.
	 * @param environment the settings of the banks
	 * @param details the database
	 * @param server the server, if it may be stopped
	 * @param times how long things are broken
	 */
	public Trial(ConfigurableEnvironment environment, JdbcConnectionDetails details, @Nullable EmbeddedDatabase server,
			FaultTimes times) {
		this(environment, new TrialDatabase(details), Route.to(details.getJdbcUrl()), server, times, Bank::new);
	}

	Trial(ConfigurableEnvironment environment, TrialDatabase database, Route route, @Nullable EmbeddedDatabase server,
			FaultTimes times, Bank.Opener banks) {
		this.environment = environment;
		this.database = database;
		this.banks = banks;
		this.audit = new Audit(this.database, this.lanes, this.log);
		this.route = route;
		Faults faults = new Faults(this.database, server, this.proxies, this.route.obstacle(), times);
		this.breaker = new Breaker(faults::action, faults::reasonAgainst, this.log);
	}

	/**
	 * Set up the tables, and open the banks.
	 * @param progress hears of each step
	 * @throws SQLException if the tables can't be set up
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void open(Consumer<String> progress) throws SQLException, InterruptedException {
		this.database.prepare();
		progress.accept("The tables are there.");
		ExecutorService executor = Executors.newCachedThreadPool((task) -> Audit.daemon(task, "trial-open"));
		try {
			List<Future<Lane>> opening = new ArrayList<>();
			for (LaneKind kind : LaneKind.values()) {
				List<Long> customers = this.database.openAccounts(CUSTOMERS, BALANCE);
				List<Long> shops = this.database.openAccounts(SHOPS, BigDecimal.ZERO);
				String url = wayToDatabase();
				opening.add(executor.submit(() -> open(kind, url, customers, shops, progress)));
			}
			collect(opening);
		}
		finally {
			executor.shutdown();
		}
		this.audit.begin();
	}

	/**
	 * All of them, or none.
	 */
	private void collect(List<Future<Lane>> opening) throws InterruptedException {
		Throwable failure = null;
		for (Future<Lane> lane : opening) {
			try {
				this.lanes.add(lane.get());
			}
			catch (ExecutionException ex) {
				failure = ex.getCause();
			}
		}
		if (failure != null) {
			this.lanes.forEach(Lane::close);
			this.lanes.clear();
			throw new IllegalStateException("The banks could not be opened: " + failure, failure);
		}
	}

	private String wayToDatabase() {
		String host = this.route.host();
		if (host == null) {
			return this.route.url();
		}
		FaultProxy proxy = new FaultProxy(host, this.route.port());
		this.proxies.add(proxy);
		return this.route.through(FaultProxy.address(), proxy.port());
	}

	private Lane open(LaneKind kind, String url, List<Long> customers, List<Long> shops, Consumer<String> progress) {
		Duration deadline = Binder.get(this.environment)
			.bind("resilientdb.retry.deadline", Duration.class)
			.orElse(Duration.ofSeconds(10));
		Bank bank = this.banks.open(kind, this.environment, this.database.access(url));
		Lane lane = new Lane(kind, bank, customers, shops, deadline);
		lane.observer().onOutage((text) -> this.log.add(kind, Type.OUTAGE, text));
		progress.accept("The bank with " + kind.annotation() + " is open.");
		return lane;
	}

	/**
	 * Start the load, or change it.
	 * @param load how much
	 */
	public void start(Load load) {
		this.lanes.forEach((lane) -> lane.clients().work(load));
	}

	/**
	 * Make no new calls.
	 */
	public void stop() {
		this.lanes.forEach((lane) -> lane.clients().pause());
	}

	/**
	 * Wait until all calls are answered.
	 * @param timeout how long, at most
	 * @return whether they are
	 * @throws InterruptedException if the thread is interrupted
	 */
	public boolean awaitIdle(Duration timeout) throws InterruptedException {
		boolean idle = true;
		for (Lane lane : this.lanes) {
			idle &= lane.clients().awaitIdle(timeout);
		}
		return idle;
	}

	/**
	 * Compare what the clients were told with the database, now.
	 * @return what came of it, in the order of the lanes
	 * @throws SQLException if the database does not answer
	 */
	public List<LaneReport> compareNow() throws SQLException {
		return this.audit.compare();
	}

	/**
	 * Return what the last comparison showed.
	 * @return the reports, in the order of the lanes, empty before the banks are open
	 */
	public List<LaneReport> reports() {
		return this.audit.reports();
	}

	/**
	 * Return whether the last comparison was possible.
	 * @return whether the reports are up to date
	 */
	public boolean isCompared() {
		return this.audit.isUpToDate();
	}

	/**
	 * Return what the banks do at the moment.
	 * @return the samples, in the order of the lanes
	 */
	public List<LaneSample> sample() {
		return this.lanes.stream().map(LaneSample::of).toList();
	}

	/**
	 * Return what happened since.
	 * @param number the number of the last event that is known, 0 if none is
	 * @return the events, the oldest first
	 */
	public List<TrialEvent> eventsSince(long number) {
		return this.log.since(number);
	}

	/**
	 * Return what breaks things.
	 * @return the breaker
	 */
	public Breaker breaker() {
		return this.breaker;
	}

	/**
	 * Mend everything, close the banks, and leave nothing in the database.
	 */
	@Override
	public void close() {
		stop();
		this.audit.close();
		this.breaker.close();
		this.lanes.forEach(Lane::close);
		this.proxies.forEach(FaultProxy::close);
		try {
			this.database.close();
		}
		catch (SQLException ex) {
			// An embedded server goes anyway
			this.log.add(null, Type.NOTE, "the schema of the trial could not be dropped: " + ex.getMessage());
		}
	}

}
