/**
 * Entities to be enhanced by Hibernate's bytecode enhancement, with the code that uses
 * them.
 */
@NullMarked
package io.github.resilientdb.jpa.enhanced;

import org.jspecify.annotations.NullMarked;
