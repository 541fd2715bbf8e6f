package io.github.resilientdb.pool.guard;

/**
 * Marks a thread that is within a checkout, for as long as that lasts: what HikariCP asks
 * of a connection then, the checkout decides.
 */
public final class CheckoutMark {

	private static final ThreadLocal<CheckoutMark> CURRENT = ThreadLocal.withInitial(CheckoutMark::new);

	private boolean underWay;

	private CheckoutMark() {
	}

	/**
	 * Return the mark of the current thread, to be set and cleared without a look-up.
	 * @return the mark
	 */
	public static CheckoutMark ofThread() {
		return CURRENT.get();
	}

	static boolean isUnderWay() {
		return CURRENT.get().underWay;
	}

	public void set() {
		this.underWay = true;
	}

	public void clear() {
		this.underWay = false;
	}

}
