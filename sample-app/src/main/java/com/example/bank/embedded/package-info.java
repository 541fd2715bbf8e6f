/**
 * A PostgreSQL of the bank's own, so that there is nothing to install.
 */
@NullMarked
package com.example.bank.embedded;

import org.jspecify.annotations.NullMarked;
