package io.github.resilientdb.testsupport;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Something that a test class is known to leave behind. The class fails as soon as it
 * doesn't any more, so that this is removed with the leak.
 */
@Documented
@Repeatable(KnownLeak.List.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KnownLeak {

	/**
	 * Return what kind of thing is left.
	 * @return the kind
	 */
	Leak.Kind kind();

	/**
	 * Return how it is recognised.
	 * @return a regular expression that its description contains
	 */
	String what() default "";

	/**
	 * Return why it is left.
	 * @return the reason
	 */
	String reason();

	/**
	 * Several of them.
	 */
	@Documented
	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.TYPE)
	@interface List {

		/**
		 * Return what is known.
		 * @return all of it
		 */
		KnownLeak[] value();

	}

}
