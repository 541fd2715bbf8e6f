package io.github.resilientdb.testsupport;

import java.nio.file.Path;

/**
 * Addresses on loopback whose packets are dropped, by nftables.
 */
final class CutNetwork {

	private final String table;

	private boolean cut;

	/**
	 * Create a network in which nothing is cut.
	 * @param directory who needs it: there may be several
	 */
	CutNetwork(Path directory) {
		this.table = "resilientdb_" + Integer.toHexString(directory.hashCode());
	}

	String table() {
		return this.table;
	}

	/**
	 * Drop all packets from and to an address.
	 */
	void cutOff(String address) {
		this.cut = true;
		new Command("nft", """
				table ip %s {
					chain cut {
						type filter hook input priority 0
						ip saddr %s drop
						ip daddr %s drop
					}
				}
				""".formatted(this.table, address, address)).run();
	}

	/**
	 * Deliver everything again.
	 */
	void restore() {
		if (this.cut) {
			new Command("nft", "delete table ip " + this.table).run();
			this.cut = false;
		}
	}

}
