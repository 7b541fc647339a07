package dev.sluice.config.crd.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** At most one of these fields may be set: a protobuf oneof, or a CRD rule of the same meaning. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(OneOf.All.class)
public @interface OneOf {
    /** Names of components of the annotated record. */
    String[] value();

    /** Several groups on one record. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All {
        /** The groups. */
        OneOf[] value();
    }
}
