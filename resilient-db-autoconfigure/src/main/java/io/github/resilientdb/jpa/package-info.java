/**
 * A clean persistence context for each attempt: sessions bound to the thread are taken
 * off their dead connections, and what a failed attempt did to entities is undone.
 */
@NullMarked
package io.github.resilientdb.jpa;

import org.jspecify.annotations.NullMarked;
