package com.example.bank;

import java.net.URI;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Tells clients what went wrong, and what they can do.
 */
@RestControllerAdvice
class BankExceptionHandler extends ResponseEntityExceptionHandler {

	@ExceptionHandler
	ProblemDetail handle(AccountNotFoundException ex) {
		return problem(HttpStatus.NOT_FOUND, "Account not found", ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail handle(RuleViolationException ex) {
		return problem(HttpStatus.UNPROCESSABLE_CONTENT, "Not possible", ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail handle(TransferConflictException ex) {
		return problem(HttpStatus.CONFLICT, "Id already used", ex.getMessage());
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(TransactionOutcomeUnknownException ex, HttpServletRequest request) {
		this.logger.error("Outcome unknown: " + request.getMethod() + " " + request.getRequestURI(), ex);
		ProblemDetail problem = problem(HttpStatus.SERVICE_UNAVAILABLE, "Outcome unknown",
				"The connection to the database was lost, and whether this was done is not known. "
						+ "Look it up at the address 'lookUp' before you try again.");
		problem.setProperty("lookUp", URI.create(request.getRequestURI()));
		return retryLater(problem);
	}

	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ResponseEntity<ProblemDetail> handleDatabase(RuntimeException ex, HttpServletRequest request) {
		this.logger.error("Failed: " + request.getMethod() + " " + request.getRequestURI(), ex);
		return retryLater(problem(HttpStatus.SERVICE_UNAVAILABLE, "Database not available",
				"This was not done, because of the database. Try again later."));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
		if (cause instanceof IllegalArgumentException) {
			return handleExceptionInternal(ex, problem(HttpStatus.BAD_REQUEST, "Bad Request", cause.getMessage()),
					headers, status, request);
		}
		return super.handleHttpMessageNotReadable(ex, headers, status, request);
	}

	private ResponseEntity<ProblemDetail> retryLater(ProblemDetail problem) {
		return ResponseEntity.status(problem.getStatus()).header(HttpHeaders.RETRY_AFTER, "1").body(problem);
	}

	private ProblemDetail problem(HttpStatus status, String title, @Nullable String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setTitle(title);
		return problem;
	}

}
