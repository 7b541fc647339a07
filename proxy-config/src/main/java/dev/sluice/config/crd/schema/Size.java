package dev.sluice.config.crd.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The CRD's bounds on the number of items of a list, entries of a map or characters of a text, both allowed. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Size {
    /** The fewest allowed; counts only where the field is there. */
    int min() default 0;

    /** The most allowed. */
    int max() default Integer.MAX_VALUE;
}
