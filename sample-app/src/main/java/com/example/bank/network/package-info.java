/**
 * A network between the bank and its database that can be broken. For this sample alone:
 * it listens on the loopback address, and nothing of it is in the starter.
 */
@NullMarked
package com.example.bank.network;

import org.jspecify.annotations.NullMarked;
