/**
 * Step: none of the request path; it measures what that allocates. In: exchanges and stages of {@code bench}. Out: bytes.
 * Thread: main.
 */
@NullMarked
package dev.sluice.bench.budget;

import org.jspecify.annotations.NullMarked;
