package com.example.bank.show;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.example.bank.trial.FaultKind;
import com.example.bank.trial.Load;
import com.example.bank.trial.TrialEvent;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * What the page asks for. Whatever changes something is a {@code PUT} or a
 * {@code DELETE}, which pages from elsewhere can't send.
 */
@RestController
@RequestMapping("/show")
@ConditionalOnWebApplication
class ShowController implements DisposableBean {

	private final Show show;

	private final ExecutorService streams = Executors.newCachedThreadPool();

	ShowController(Show show) {
		this.show = show;
	}

	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter stream() {
		SseEmitter emitter = new SseEmitter(0L);
		this.streams.execute(() -> stream(emitter));
		return emitter;
	}

	void stream(SseEmitter emitter) {
		this.show.viewerCame();
		try {
			long time = 0;
			long event = 0;
			while (!this.show.isClosed()) {
				Frame frame = this.show.frame(time, event);
				emitter.send(frame, MediaType.APPLICATION_JSON);
				time = frame.points().stream().mapToLong(Point::time).max().orElse(time);
				event = frame.events().stream().mapToLong(TrialEvent::number).max().orElse(event);
				Thread.sleep(Show.TICK.toMillis());
			}
			emitter.complete();
		}
		catch (IOException | IllegalStateException ex) {
			// The browser has left, and the server ends the request. If we end it, too,
			// it
			// may stay open for good, and the server waits for it when it stops
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			emitter.complete();
		}
		finally {
			this.show.viewerLeft();
		}
	}

	@GetMapping("/sources")
	List<Source> sources() {
		return Source.all();
	}

	@PutMapping("/faults/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void begin(@PathVariable String id) {
		this.show.begin(kind(id));
	}

	@DeleteMapping("/faults/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void end(@PathVariable String id) {
		this.show.end(kind(id));
	}

	@PutMapping("/load")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void work(@RequestBody Work work) {
		this.show.work(new Load(work.threads(), work.rate()), work.running());
	}

	@PutMapping("/tour")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void beginTour() {
		this.show.tour(true);
	}

	@DeleteMapping("/tour")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void endTour() {
		this.show.tour(false);
	}

	@ExceptionHandler
	ProblemDetail handle(IllegalStateException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail handle(IllegalArgumentException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, ex.getMessage());
	}

	private static FaultKind kind(String id) {
		return Arrays.stream(FaultKind.values())
			.filter((kind) -> kind.id().equals(id))
			.findFirst()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
	}

	/**
	 * Streams that go on would make the server wait for them.
	 */
	@EventListener(ContextClosedEvent.class)
	void closing() {
		this.show.close();
	}

	@Override
	public void destroy() {
		this.streams.shutdownNow();
	}

	/**
	 * How much there is to do.
	 *
	 * @param threads how many clients each bank has
	 * @param rate how many calls a second
	 * @param running whether they call
	 */
	record Work(int threads, int rate, boolean running) {

	}

}
