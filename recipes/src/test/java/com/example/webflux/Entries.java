package com.example.webflux;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

import javax.sql.DataSource;

import io.github.resilientdb.RetryableTransaction;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.annotation.Transactional;

/**
 * A service that blocks while it writes.
 */
class Entries {

	private final EntityManager entityManager;

	private final DataSource dataSource;

	Entries(EntityManagerFactory entityManagerFactory, DataSource dataSource) {
		this.entityManager = SharedEntityManagerCreator.createSharedEntityManager(entityManagerFactory);
		this.dataSource = dataSource;
	}

	@Transactional
	public void jpa() {
		persist();
	}

	@Transactional(transactionManager = "jdbcTransactionManager", rollbackFor = SQLException.class)
	public void jdbc() throws SQLException {
		insert();
	}

	@RetryableTransaction
	public void jpaRetryable() {
		persist();
	}

	@RetryableTransaction(transactionManager = "jdbcTransactionManager", rollbackFor = SQLException.class)
	public void jdbcRetryable() throws SQLException {
		insert();
	}

	private void persist() {
		this.entityManager.persist(new Entry());
		this.entityManager.flush();
	}

	// Without Spring's JdbcTemplate, and so without translation
	private void insert() throws SQLException {
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try (PreparedStatement statement = connection.prepareStatement("insert into WebFluxEntry values (?)")) {
			statement.setObject(1, UUID.randomUUID());
			statement.executeUpdate();
		}
	}

	@Entity(name = "WebFluxEntry")
	static class Entry {

		@Id
		UUID id = UUID.randomUUID();

	}

}
