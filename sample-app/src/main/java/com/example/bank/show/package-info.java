/**
 * The page: the trial in the browser.
 */
@NullMarked
package com.example.bank.show;

import org.jspecify.annotations.NullMarked;
