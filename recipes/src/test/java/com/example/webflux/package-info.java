/**
 * Lost connections under Spring WebFlux.
 */
@NullMarked
package com.example.webflux;

import org.jspecify.annotations.NullMarked;
