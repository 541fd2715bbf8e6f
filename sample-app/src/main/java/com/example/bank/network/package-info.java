/**
 * A network between the bank and its database that can be broken. For this sample alone:
 * it listens on the loopback address, and nothing of it is in the starter.
 * <p>
 * The test kit has a proxy too, which can do more. The page and the demonstration break
 * the network while the application runs, though, and an application must not depend on
 * the kit: its proxy is no API, and it would bring JUnit and Mockito into the jar.
 */
@NullMarked
package com.example.bank.network;

import org.jspecify.annotations.NullMarked;
