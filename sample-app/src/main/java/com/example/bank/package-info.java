/**
 * A small bank whose transfers survive a failing database.
 */
@NullMarked
package com.example.bank;

import org.jspecify.annotations.NullMarked;
