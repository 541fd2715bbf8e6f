package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a connection is fit to be lent: the part of a checkout that concerns
 * one connection.
 */
final class ConnectionCheck {

	private final GuardedConnection owner;

	private final GuardedSession session;

	private final ConnectionRegistry pool;

	private final ConnectionLife life;

	private final ProofOfLife proof;

	private final @Nullable WireSocket wire;

	private final PoolSettings settings;

	private final long pingAfter;

	ConnectionCheck(GuardedConnection owner, GuardedSession session) {
		this.owner = owner;
		this.session = session;
		this.pool = session.pool();
		this.life = session.life();
		this.proof = session.proof();
		this.wire = session.wire();
		this.settings = this.pool.settings();
		this.pingAfter = this.settings.pingAfter().toNanos();
	}

	/**
	 * Check the connection before it is lent, and lend it to the current thread.
	 * @param lease what is going to be handed out
	 * @param deadline how long that may take at most
	 * @return whether it was lent
	 */
	Lending lend(Connection lease, long deadline) {
		long now = System.nanoTime();
		if (this.session.isLost() || this.session.isClosedByDriver()) {
			return refuse("dead");
		}
		if (this.proof.isInvalidated()) {
			return refuse("invalidated");
		}
		if (this.session.commits().isSuperseded()) {
			return refuse(Loss.SUPERSEDED.reason());
		}
		if (this.session.physical().standby() && this.pool.database().primary().isInForce()) {
			return refuse("standby");
		}
		if (this.proof.isExpired(now)) {
			return refuse("recycled");
		}
		if (isOutOfStep()) {
			this.session.lost(new ConnectionLostException(null), Loss.OUT_OF_STEP, Phase.CHECKOUT);
			return refuse("dead");
		}
		if (mustAnswer(now)) {
			if (deadline - now <= 0) {
				return Lending.OUT_OF_TIME;
			}
			if (!ask(deadline)) {
				return refuse("dead");
			}
		}
		return lendUnchecked(lease) ? Lending.LENT : refuse("invalidated");
	}

	/**
	 * Lend the connection to the current thread, unless it was given up meanwhile.
	 * @param lease what is going to be handed out
	 * @return whether it was lent
	 */
	boolean lendUnchecked(Connection lease) {
		// an incident after this look finds it lent, or gives it up before
		if (this.proof.isInvalidated() || !this.life.lend(lease)) {
			return false;
		}
		this.session.transaction().began();
		return true;
	}

	private Lending refuse(String reason) {
		this.life.refuse(reason);
		return Lending.UNFIT;
	}

	/**
	 * Return whether the last borrower left something under way, so that the next answer
	 * may not belong to the next question: a request that was not answered, or, if they
	 * used the driver directly, a COPY or input that was not read. Other input may be a
	 * notification, which the driver deals with.
	 */
	private boolean isOutOfStep() {
		boolean exposed = this.session.transaction().takeDriverExposed();
		if (this.wire == null) {
			return false;
		}
		return this.wire.isRequestPending() || (exposed
				&& (this.wire.isReadable() || DriverOperation.isUnderWay(this.session.physical().connection())));
	}

	private boolean mustAnswer(long now) {
		return switch (CheckoutDecision.of(this.settings.prePing(), this.proof.isSuspect(), this.proof.idle(now),
				this.proof.pingAfter(this.pingAfter))) {
			case LEND -> false;
			// without a socket to look at, only what was just opened needs no answer
			case LOOK -> (this.wire != null) ? this.wire.isReadable() : !this.proof.isFresh(now);
			case ASK -> true;
		};
	}

	/**
	 * Ask the server for a sign of life, in a round trip.
	 * @param deadline how long that may take at most, the timeout of a ping apart
	 * @return whether it answered
	 */
	private boolean ask(long deadline) {
		long asked = System.nanoTime();
		Ping ping = new Ping(this.pool, this.wire, deadline);
		boolean alive = false;
		Throwable failure = null;
		try {
			alive = ping.send(this.session.physical().connection());
		}
		catch (SQLException | RuntimeException ex) {
			failure = ex;
		}
		catch (Error ex) {
			this.session.lost(ex, Loss.DRIVER_FAILED, Phase.CHECKOUT);
			throw ex;
		}
		this.pool.pinged(this.owner, alive, ping.took());
		if (alive) {
			this.proof.proven(asked);
			this.proof.used(System.nanoTime());
			return true;
		}
		this.session.lost((failure != null) ? failure : new ConnectionLostException(null), verdict(ping),
				Phase.CHECKOUT);
		return false;
	}

	private static FailureVerdict verdict(Ping ping) {
		if (!ping.timedOut()) {
			return Loss.NO_ANSWER;
		}
		return ping.serverAnswersOthers() ? Loss.ANSWER_OVERDUE : Loss.SERVER_SLOW;
	}

	/**
	 * Answer HikariCP, which asks before it lends a connection, and now and then while it
	 * is idle.
	 * @param timeout the timeout in seconds
	 * @return whether the connection can be kept
	 */
	boolean isValidForPool(int timeout) {
		if (CheckoutMark.isUnderWay() || this.proof.isFresh(System.nanoTime())) {
			// the checkout decides, later
			return true;
		}
		if (isOutOfStep()) {
			this.session.lost(new ConnectionLostException(null), Loss.OUT_OF_STEP, Phase.CHECKOUT);
			return false;
		}
		long limit = (timeout > 0) ? TimeUnit.SECONDS.toNanos(timeout) : this.settings.pingTimeout().toNanos();
		return ask(System.nanoTime() + limit);
	}

}
