package dev.sluice.proxy.overload;

import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.log.RareLine;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import io.netty.util.internal.PlatformDependent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How full a process's memory is, as who is about to take more of it asks: what a connection may hold depends on what all of
 * them hold. The actions are those of Envoy's overload manager, on the buffers' memory rather than the heap's alone, for
 * that is where bodies are:
 *
 * <ul>
 *   <li>from {@value #TIGHT_PERCENT} % on, <em>tight</em>: reads are small, and a writer waits until all that it wrote was
 *       taken, so that a connection holds kilobytes;
 *   <li>from {@value #SHEDDING_PERCENT} % on, <em>shedding</em>: new requests are answered 503, no connection is accepted,
 *       and what holds most is ended.
 * </ul>
 *
 * <p>What is asked is the allocator's own count, which is exact at any time; a poll would be late by a burst. The heap is
 * polled ({@link #heapFull}). Any thread.
 */
public final class MemoryPressure {
    static final int TIGHT_PERCENT = 55;
    static final int SHEDDING_PERCENT = 80;
    /** Ending connections stops here: below where it begins, or it would go on one by one. */
    static final int RELIEVED_PERCENT = 70;

    private static final Logger LOG = Logs.of(MemoryPressure.class);
    private static final MemoryPressure PROCESS =
            new MemoryPressure(PlatformDependent::usedDirectMemory, PlatformDependent.maxDirectMemory());

    private final LongSupplier used;
    private final long maxBytes;
    private final long tightBytes;
    private final long sheddingBytes;
    private final long relievedBytes;
    private final RareLine exhaustedLine = new RareLine();
    private final LongAdder refusedRequests = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder exhausted = new LongAdder();
    private volatile boolean heapFull;

    /**
     * One of its own.
     *
     * @param used bytes now; below 0 where nobody counts them, which is no pressure
     * @param maxBytes that there are
     */
    public MemoryPressure(LongSupplier used, long maxBytes) {
        this.used = used;
        this.maxBytes = maxBytes;
        this.tightBytes = maxBytes / 100 * TIGHT_PERCENT;
        this.sheddingBytes = maxBytes / 100 * SHEDDING_PERCENT;
        this.relievedBytes = maxBytes / 100 * RELIEVED_PERCENT;
    }

    /** That of this process's buffers outside the heap. */
    public static MemoryPressure process() {
        return PROCESS;
    }

    /** Bytes in use now. */
    public long usedBytes() {
        return Math.max(0, used.getAsLong());
    }

    /** Bytes that there are. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Whether a connection may hold kilobytes only. */
    public boolean isTight() {
        return used.getAsLong() >= tightBytes;
    }

    /** Whether nothing new is to be begun. */
    public boolean isShedding() {
        return heapFull || used.getAsLong() >= sheddingBytes;
    }

    /** Whether buffers are so many that some have to go, and not the heap's fault. */
    boolean isOverfull() {
        return used.getAsLong() >= sheddingBytes;
    }

    /** Whether enough of them went. */
    boolean isRelieved() {
        return used.getAsLong() < relievedBytes;
    }

    /** Says whether what is live on the heap leaves too little of it. */
    public void heapFull(boolean full) {
        heapFull = full;
    }

    /** What a request is refused with, counted. */
    public ProxyError refusal() {
        refusedRequests.increment();
        return ProxyError.proxy(ErrorCode.OVERLOADED, "memory is short");
    }

    /** What a stream or connection is ended with for the memory it holds, counted. */
    public ProxyError ending() {
        ended.increment();
        return ProxyError.proxy(ErrorCode.OVERLOADED, "it held much memory for a peer that does not take it");
    }

    /** What ends when memory was asked for and there was none: counted, and told in the log now and then. */
    public ProxyError exhausted(OutOfMemoryError cause) {
        exhausted.increment();
        if (exhaustedLine.take()) {
            // Without its trace: where memory ran out says nothing about who took it.
            LOG.log(Level.ERROR, "Out of memory; what asked for it was ended: {0}", cause.toString());
        }
        return ProxyError.proxy(ErrorCode.OVERLOADED, "out of memory");
    }

    /** Requests refused so far. */
    public long refusedRequests() {
        return refusedRequests.sum();
    }

    /** Connections and streams ended so far. */
    public long ended() {
        return ended.sum();
    }

    /** Times that there was no memory at all. */
    public long timesExhausted() {
        return exhausted.sum();
    }
}
