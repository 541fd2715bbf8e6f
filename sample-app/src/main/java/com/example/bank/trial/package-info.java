/**
 * The trial: three banks do the same work on one database that is broken meanwhile, and
 * what their clients were told is compared with what is in the database. The page and the
 * demonstration on the command line are two views of it.
 */
@NullMarked
package com.example.bank.trial;

import org.jspecify.annotations.NullMarked;
