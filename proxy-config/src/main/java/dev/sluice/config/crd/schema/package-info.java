/**
 * Step: part of the first of the configuration path. In: located trees ({@code crd.tree}). Out: records, and a finding
 * for every place where a tree is not what its record declares: the record declaration is the schema, these annotations
 * say what a Java type cannot. Thread: any; schemas are computed once a class and immutable.
 */
@NullMarked
package dev.sluice.config.crd.schema;

import org.jspecify.annotations.NullMarked;
