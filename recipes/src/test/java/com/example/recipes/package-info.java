/**
 * What {@code docs/recipes.md} shows, and its tests.
 */
@NullMarked
package com.example.recipes;

import org.jspecify.annotations.NullMarked;
