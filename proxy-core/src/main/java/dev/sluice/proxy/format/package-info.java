/**
 * Step: below policies and telemetry, which both write text with Envoy's command operators: header values and access log
 * lines. In: a configured text such as {@code %REQ(X-A?X-B):8%} and what a request knows of itself. Out: that text with its
 * operators replaced. Thread: compiled formats are immutable and shared; a {@link dev.sluice.proxy.format.FormatSource} is
 * read on the event loop of its exchange.
 */
@NullMarked
package dev.sluice.proxy.format;

import org.jspecify.annotations.NullMarked;
