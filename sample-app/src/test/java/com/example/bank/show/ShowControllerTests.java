package com.example.bank.show;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * How a stream of what there is to see ends.
 */
class ShowControllerTests {

	private final Show show = mock(Show.class);

	private final SseEmitter emitter = mock(SseEmitter.class);

	private final ShowController controller = new ShowController(this.show);

	@AfterEach
	void destroy() {
		this.controller.destroy();
	}

	@ParameterizedTest
	@ValueSource(classes = { IOException.class, IllegalStateException.class })
	void leavesTheRequestOfABrowserThatHasLeftToTheServer(Class<? extends Exception> failure) throws Exception {
		willThrow(failure).given(this.emitter).send(any(), any(MediaType.class));
		this.controller.stream(this.emitter);
		then(this.emitter).should(never()).complete();
		then(this.emitter).should(never()).completeWithError(any());
		then(this.show).should().viewerLeft();
	}

	@Test
	void endsTheRequestWhenTheShowIsOver() {
		given(this.show.isClosed()).willReturn(true);
		this.controller.stream(this.emitter);
		then(this.emitter).should().complete();
		then(this.show).should().viewerLeft();
	}

}
