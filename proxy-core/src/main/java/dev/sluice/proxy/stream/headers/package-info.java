/**
 * Step: the ground of the stream model. In: headers as a codec read them, or as a stage sets them. Out: one view of them,
 * {@link dev.sluice.proxy.stream.headers.Headers}, in either protocol's own form, so that nobody copies what goes on in
 * the protocol it came in; names and characters they may be made of. Thread: the event loop of their stream; what is
 * static, any.
 */
@NullMarked
package dev.sluice.proxy.stream.headers;

import org.jspecify.annotations.NullMarked;
