package com.example.bank.trial;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Accounts and ledger at one moment.
 *
 * @param connection whose transaction it is
 */
record LedgerSnapshot(Connection connection) {

	BigDecimal balance(Collection<Long> accounts) throws SQLException {
		try (PreparedStatement query = this.connection
			.prepareStatement("select sum(balance) from account where id = any(?)")) {
			query.setArray(1, this.connection.createArrayOf("bigint", accounts.toArray()));
			try (ResultSet sum = query.executeQuery()) {
				sum.next();
				return sum.getBigDecimal(1);
			}
		}
	}

	/**
	 * Return how often transfers are booked.
	 * @param transferIds which ones
	 * @return how often, by the id, for those that are booked
	 */
	Map<UUID, Integer> booked(Collection<UUID> transferIds) throws SQLException {
		Map<UUID, Integer> booked = new HashMap<>();
		try (PreparedStatement query = this.connection.prepareStatement("""
				select transfer_id, count(*) from ledger_entry where transfer_id = any(?)
				group by transfer_id""")) {
			query.setArray(1, this.connection.createArrayOf("uuid", transferIds.toArray()));
			try (ResultSet counts = query.executeQuery()) {
				while (counts.next()) {
					booked.put(counts.getObject(1, UUID.class), counts.getInt(2));
				}
			}
		}
		return booked;
	}

}
