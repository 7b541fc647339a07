package dev.sluice.config.crd.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The CRD's minimum and maximum of a number, both allowed; on a list or map, of each value. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
    /** The least value allowed. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The greatest value allowed. */
    double max() default Double.POSITIVE_INFINITY;
}
