package io.github.resilientdb.integration;

import io.github.resilientdb.integration.CommittingApplication.Kind;
import io.github.resilientdb.integration.CommittingApplication.Manager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.request.ServletWebRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for callbacks before the commit that throw the one kind of exception after which
 * Spring does not roll back.
 */
class RefusedBeforeCommitIntegrationTests {

	private static CommittingApplication application;

	@BeforeAll
	static void start() {
		application = CommittingApplication.start(false);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@AfterEach
	void everyConnectionIsBack() {
		assertThat(application.pool().getHikariPoolMXBean().getActiveConnections()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "JPA, PLAIN", "JPA, RETRYABLE", "JDBC, PLAIN", "JDBC, RETRYABLE", "DATA_SOURCE, PLAIN" })
	void isRolledBackBeforeTheCleanUp(Manager manager, Kind kind) {
		assertRefused(manager, kind);
		assertGoesOn(manager, kind);
	}

	@Test
	void theRestOfARequestGoesOn() {
		OpenEntityManagerInViewInterceptor view = new OpenEntityManagerInViewInterceptor();
		view.setEntityManagerFactory(application.bean(EntityManagerFactory.class));
		ServletWebRequest request = new ServletWebRequest(new MockHttpServletRequest());
		view.preHandle(request);
		try {
			assertRefused(Manager.JPA, Kind.PLAIN);
			application.run(Manager.JPA, Kind.PLAIN, () -> application.notes().read(Manager.JPA));
		}
		finally {
			view.afterCompletion(request, null);
		}
	}

	private static void assertRefused(Manager manager, Kind kind) {
		assertThatExceptionOfType(IllegalTransactionStateException.class)
			.isThrownBy(() -> application.run(manager, kind, () -> {
				application.notes().lock(manager, "touched");
				application.notes().write(manager, "refused");
				refuseTheCommit();
				return true;
			}))
			.withMessage("refused");
		assertThat(application.count("refused")).isZero();
	}

	private static void assertGoesOn(Manager manager, Kind kind) {
		String text = manager + " " + kind;
		application.run(manager, kind, () -> {
			application.notes().lock(manager, "touched");
			application.notes().write(manager, text);
			return true;
		});
		assertThat(application.count(text)).isOne();
	}

	private static void refuseTheCommit() {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void beforeCommit(boolean readOnly) {
				throw new IllegalTransactionStateException("refused");
			}

		});
	}

}
