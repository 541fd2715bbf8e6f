package io.github.resilientdb.jpa;

/**
 * What one object was like.
 */
interface ObjectSnapshot {

	/**
	 * Put back whatever stands in the object itself.
	 */
	void restoreAttributes();

	/**
	 * Put back the elements of its collections, once all objects have their attributes
	 * back: those that are based on hashes need the identifiers.
	 */
	void restoreElements();

}
