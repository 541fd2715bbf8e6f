package com.example.bank.trial;

import java.math.BigDecimal;
import java.util.UUID;

/**
 * The method that is written in three ways.
 */
@FunctionalInterface
interface Transfers {

	Object transfer(UUID id, long from, long to, BigDecimal amount);

}
