package io.github.resilientdb.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.resilientdb.ConnectionStatus;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Status;
import org.hibernate.engine.jdbc.spi.JdbcCoordinator;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.spi.EventSource;
import org.hibernate.resource.jdbc.internal.LogicalConnectionProvidedImpl;
import org.hibernate.resource.jdbc.spi.LogicalConnectionImplementor;
import org.hibernate.resource.transaction.spi.SynchronizationRegistryImplementor;
import org.hibernate.resource.transaction.spi.TransactionStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A Hibernate session that is bound to the thread, and in no transaction.
 */
final class BoundSession {

	private static final Logger logger = LoggerFactory.getLogger(BoundSession.class);

	private final EventSource session;

	private BoundSession(EventSource session) {
		this.session = session;
	}

	/**
	 * Return the sessions bound to the thread that nobody is using: neither a transaction
	 * of their own, nor another one that they are synchronized with.
	 * @return the sessions
	 */
	static List<BoundSession> idle() {
		boolean synchronizing = TransactionSynchronizationManager.isSynchronizationActive();
		return find((holder) -> !(synchronizing && holder.isSynchronizedWithTransaction()));
	}

	/**
	 * Disconnect the sessions bound to the thread whose connections are known to be dead.
	 */
	static void disconnectDead() {
		for (BoundSession session : find((holder) -> true)) {
			if (session.isConnectionDead()) {
				session.disconnect();
			}
		}
	}

	/**
	 * Tell connections that a session took earlier that a transaction has now begun on
	 * them.
	 */
	static void transactionStarted() {
		for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
			EventSource session = (resource instanceof EntityManagerHolder holder) ? unwrap(holder) : null;
			if (session != null && session.isOpen() && session.isTransactionInProgress()) {
				LogicalConnectionImplementor connection = session.getJdbcCoordinator().getLogicalConnection();
				if (connection.isPhysicallyConnected()) {
					transactionStarted(connection.getPhysicalConnection());
				}
			}
		}
	}

	/**
	 * Roll back the transaction of a session that is bound to the thread, if it is in
	 * one.
	 */
	static void rollBack(EntityManagerHolder holder) {
		EventSource session = unwrap(holder);
		if (session != null && session.isOpen()) {
			new BoundSession(session).rollbackLeftOver();
		}
	}

	private static void transactionStarted(Connection connection) {
		try {
			if (connection.isWrapperFor(ConnectionStatus.class)) {
				connection.unwrap(ConnectionStatus.class).transactionStarted();
			}
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be told that a transaction begins on it", ex);
		}
	}

	private static List<BoundSession> find(Predicate<EntityManagerHolder> condition) {
		Map<Object, Object> resources = TransactionSynchronizationManager.getResourceMap();
		if (resources.isEmpty()) {
			return List.of();
		}
		List<BoundSession> sessions = new ArrayList<>(1);
		for (Object resource : resources.values()) {
			if (resource instanceof EntityManagerHolder holder && condition.test(holder)) {
				EventSource session = unwrap(holder);
				if (session != null && session.isOpen() && !session.isTransactionInProgress()) {
					sessions.add(new BoundSession(session));
				}
			}
		}
		return sessions;
	}

	private static @Nullable EventSource unwrap(EntityManagerHolder holder) {
		try {
			return holder.getEntityManager().unwrap(EventSource.class);
		}
		catch (IllegalStateException | PersistenceException ex) {
			// Closed, without an entity manager, or of another provider
			return null;
		}
	}

	/**
	 * Take a snapshot of what the session manages.
	 * @param types knows the entities of session factories
	 * @return the snapshot
	 */
	SessionSnapshot snapshot(Function<SessionFactoryImplementor, ObjectGraph.Types> types) {
		return SessionSnapshot.of(this.session, types.apply(this.session.getFactory()));
	}

	void clearAndDisconnect() {
		if (this.session.isOpen()) {
			rollbackLeftOver();
			attempt("clear", this.session::clear);
			disconnect();
		}
	}

	/**
	 * A transaction that failed between its begin and its registration with Spring is
	 * still open, and would be in the way of the next one.
	 */
	private void rollbackLeftOver() {
		if (this.session.isTransactionInProgress()) {
			attempt("roll back", () -> this.session.getTransaction().rollback());
		}
	}

	/**
	 * Give the connection back; the session takes another one when it needs it.
	 */
	void disconnect() {
		if (!this.session.isOpen()) {
			return;
		}
		JdbcCoordinator coordinator = this.session.getJdbcCoordinator();
		LogicalConnectionImplementor connection = coordinator.getLogicalConnection();
		attempt("abort the batch of", coordinator::abortBatch);
		if (!(connection instanceof LogicalConnectionProvidedImpl)) {
			attempt("disconnect", connection::manualDisconnect);
		}
		if (connection.getPhysicalJdbcTransaction().getStatus() == TransactionStatus.FAILED_ROLLBACK) {
			attempt("reset", this::completeFailedRollback);
		}
	}

	/**
	 * Hibernate forgets to complete a transaction whose rollback failed: what was
	 * registered with it would fire with the next one, and its timeout would go on.
	 */
	private void completeFailedRollback() {
		JdbcCoordinator coordinator = this.session.getJdbcCoordinator();
		if (this.session.getTransactionCoordinator()
			.getLocalSynchronizations() instanceof SynchronizationRegistryImplementor synchronizations) {
			synchronizations.notifySynchronizationsAfterTransactionCompletion(Status.STATUS_ROLLEDBACK);
		}
		coordinator.afterTransaction();
		this.session.getPersistenceContextInternal().afterTransactionCompletion();
		this.session.getActionQueue().afterTransactionCompletion(false);
	}

	private boolean isConnectionDead() {
		LogicalConnectionImplementor connection = this.session.getJdbcCoordinator().getLogicalConnection();
		return connection.isPhysicallyConnected() && isDead(connection.getPhysicalConnection());
	}

	private static boolean isDead(Connection connection) {
		try {
			return connection.isClosed() || (connection.isWrapperFor(ConnectionStatus.class)
					&& connection.unwrap(ConnectionStatus.class).isDead());
		}
		catch (SQLException ex) {
			logger.debug("Could not find out whether a connection is dead", ex);
			return false;
		}
	}

	private void attempt(String what, Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			logger.warn("Could not {} a session bound to the thread", what, ex);
		}
	}

}
