package io.github.resilientdb.integration;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.RetryableTransaction;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * A service that writes notes, by JPA where there is JPA, in transactions of which the
 * test says what happens.
 */
class Notes {

	private final JdbcClient jdbc;

	private final @Nullable EntityManager entityManager;

	Notes(JdbcClient jdbc, @Nullable EntityManager entityManager) {
		this.jdbc = jdbc;
		this.entityManager = entityManager;
	}

	@Transactional
	<T> T plainly(Callable<T> work) throws Exception {
		return work.call();
	}

	@RetryableTransaction
	<T> T retryably(Callable<T> work) throws Exception {
		return work.call();
	}

	void write(String text) {
		if (this.entityManager != null) {
			this.entityManager.persist(new Note(text));
			this.entityManager.flush();
		}
		else {
			this.jdbc.sql("insert into note (text) values (?)").param(text).update();
		}
	}

	List<String> read() {
		return this.jdbc.sql("select text from note order by id").query(String.class).list();
	}

	/**
	 * Return which session the current transaction has.
	 * @return its process id
	 */
	int backend() {
		return this.jdbc.sql("select pg_backend_pid()").query(Integer.class).single();
	}

	@Entity(name = "note")
	static class Note {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		private @Nullable Long id;

		private @Nullable String text;

		protected Note() {
		}

		Note(String text) {
			this.text = text;
		}

	}

	/**
	 * What happened to the pool.
	 */
	static class Incidents implements ConnectionPoolListener {

		final AtomicInteger count = new AtomicInteger();

		final AtomicInteger opened = new AtomicInteger();

		@Override
		public void connectionOpened(String pool) {
			this.opened.incrementAndGet();
		}

		@Override
		public void invalidated(String pool, String reason, int connections) {
			this.count.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Notes.class)
	static class Application {

		@Bean
		Notes notes(JdbcClient jdbc, ObjectProvider<EntityManager> entityManager) {
			return new Notes(jdbc, entityManager.getIfAvailable());
		}

		@Bean
		Incidents incidents() {
			return new Incidents();
		}

	}

}
