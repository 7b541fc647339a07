/**
 * Step: the ground everything above stands on. In: nothing. Out: heads, the body contract and errors, the one stream
 * model that HTTP/1.1, HTTP/2 and gRPC share. Thread: every object here belongs to the event loop of its stream, unless
 * its Javadoc says otherwise.
 *
 * <h2>The rules of a stream</h2>
 *
 * <ul>
 *   <li>Order of calls in each direction: head, then any number of data, then exactly one end. The end is the {@code
 *       last} flag of head or data, or trailers, or a reset. Nothing follows an end.
 *   <li>The two directions are independent: either may end first. A reset ends both, so a reader may hear of it after
 *       the end of its own direction.
 *   <li>The end of a response is the end of the exchange (not of a tunnel): where the request has not ended by then, its
 *       reader hears nothing more and what is written of it is dropped.
 *   <li>The receiver of a {@link io.netty.buffer.ByteBuf} releases it, always, also after an end or a reset.
 *   <li>Backpressure: a writer whose {@link dev.sluice.proxy.stream.BodyWriter#isWritable()} is false still takes what
 *       it is given; the giver pauses its own {@link dev.sluice.proxy.stream.ReadGate} until {@code onWritable}.
 *   <li>Codecs flush by themselves, once per turn of the event loop. Nobody else flushes.
 *   <li>Heads carry end-to-end headers only: codecs take hop-by-hop and framing headers off on the way in and write
 *       their own on the way out. {@code host} and pseudo headers are fields of the head, never headers.
 *   <li>A tunnel (WebSocket) is a stream whose response head has status 101: after it, data of both directions is raw
 *       bytes and {@code last} is a half-close.
 * </ul>
 */
@NullMarked
package dev.sluice.proxy.stream;

import org.jspecify.annotations.NullMarked;
