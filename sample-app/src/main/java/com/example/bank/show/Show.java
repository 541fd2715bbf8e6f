package com.example.bank.show;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import com.example.bank.show.Frame.Button;
import com.example.bank.show.Frame.Stage;
import com.example.bank.trial.FaultKind;
import com.example.bank.trial.FaultStatus;
import com.example.bank.trial.LaneSample;
import com.example.bank.trial.Load;
import com.example.bank.trial.Trial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trial as the page sees it. The banks are opened when somebody looks for the first
 * time, and rest while nobody does.
 */
class Show implements AutoCloseable {

	static final Duration TICK = Duration.ofMillis(400);

	private static final Duration HISTORY = Duration.ofSeconds(60);

	private static final Logger logger = LoggerFactory.getLogger(Show.class);

	private final ShowProperties properties;

	private final Trial trial;

	private final Tour tour;

	private final Duration tick;

	private final Deque<Point> points = new ArrayDeque<>();

	private Stage stage = Stage.CLOSED;

	private String message = "";

	private Load load;

	private boolean running;

	private int viewers;

	private long lastSeen;

	private volatile boolean closed;

	Show(ShowProperties properties, Trial trial, Tour tour, Duration tick) {
		this.properties = properties;
		this.trial = trial;
		this.tour = tour;
		this.tick = tick;
		this.load = properties.load();
	}

	synchronized void viewerCame() {
		this.viewers++;
		if (this.stage == Stage.CLOSED) {
			this.stage = Stage.OPENING;
			this.message = "Opening three banks. This takes some seconds.";
			Thread thread = new Thread(this::run, "show");
			thread.setDaemon(true);
			thread.start();
		}
		else if (this.running && this.stage == Stage.OPEN) {
			this.trial.start(this.load);
		}
	}

	synchronized void viewerLeft() {
		this.viewers--;
		this.lastSeen = System.nanoTime();
	}

	private void run() {
		try {
			this.trial.open((step) -> logger.info("For the page: {}", step));
			opened();
			observe();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.error("The banks of the page could not be opened", ex);
			failed("The three banks could not be opened: " + ex.getMessage());
		}
	}

	private synchronized void opened() {
		if (this.closed) {
			return;
		}
		this.stage = Stage.OPEN;
		this.message = "";
		this.running = true;
		this.trial.start(this.load);
		if (this.properties.tour()) {
			this.tour.begin();
		}
	}

	private synchronized void failed(String why) {
		this.stage = Stage.FAILED;
		this.message = why;
	}

	private void observe() throws InterruptedException {
		List<LaneSample> before = this.trial.sample();
		long then = System.nanoTime();
		while (!this.closed) {
			Thread.sleep(this.tick.toMillis());
			List<LaneSample> samples = this.trial.sample();
			long now = System.nanoTime();
			List<String> broken = this.trial.breaker()
				.status()
				.stream()
				.filter(FaultStatus::inForce)
				.map((status) -> status.kind().effect())
				.toList();
			add(Point.between(System.currentTimeMillis(), before, samples, (now - then) / 1e9, broken));
			restIfAlone(now);
			before = samples;
			then = now;
		}
	}

	private synchronized void add(Point point) {
		this.points.add(point);
		this.points.removeIf((old) -> point.time() - old.time() > HISTORY.toMillis());
	}

	private synchronized void restIfAlone(long now) {
		if (this.viewers == 0 && now - this.lastSeen > this.properties.alone().toNanos()) {
			this.tour.end();
			this.trial.stop();
		}
	}

	synchronized void work(Load load, boolean running) {
		this.load = load;
		this.running = running;
		if (this.stage == Stage.OPEN) {
			if (running) {
				this.trial.start(load);
			}
			else {
				this.tour.end();
				this.trial.stop();
			}
		}
	}

	/**
	 * Break something, instead of the tour.
	 */
	void begin(FaultKind kind) {
		requireOpen();
		this.tour.end();
		this.trial.breaker().begin(kind);
	}

	void end(FaultKind kind) {
		this.tour.end();
		this.trial.breaker().end(kind);
	}

	void tour(boolean wanted) {
		requireOpen();
		if (wanted) {
			this.tour.begin();
		}
		else {
			this.tour.end();
		}
	}

	private synchronized void requireOpen() {
		if (this.stage != Stage.OPEN) {
			throw new IllegalStateException("The three banks are not open.");
		}
	}

	/**
	 * Return what there is to see.
	 * @param time the time of the last point that is known, 0 if none is
	 * @param event the number of the last event that is known, 0 if none is
	 */
	synchronized Frame frame(long time, long event) {
		boolean open = this.stage == Stage.OPEN;
		return new Frame(this.stage, this.message, this.running, this.tour.isRunning(), this.load,
				this.trial.isCompared(), open ? this.trial.sample() : List.of(), this.trial.reports(),
				this.trial.breaker().status().stream().map(Button::of).toList(),
				this.points.stream().filter((point) -> point.time() > time).toList(), this.trial.eventsSince(event));
	}

	boolean isClosed() {
		return this.closed;
	}

	@Override
	public void close() {
		this.closed = true;
		this.tour.end();
	}

}
