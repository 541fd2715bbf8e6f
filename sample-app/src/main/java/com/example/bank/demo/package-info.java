/**
 * The demonstration: the bank at work while its database is broken.
 */
@NullMarked
package com.example.bank.demo;

import org.jspecify.annotations.NullMarked;
