package dev.sluice.proxy.exchange;

import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.stream.BodyWriter;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The request's body between the client and the current attempt. What arrives before an attempt is ready is held and the
 * client is paused; what was written stays held for a replay until the response commits or the limit is passed.
 *
 * <p>Not thread-safe; event loop of the exchange.
 */
public final class RequestBody {
    private final ReadGate gate;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(2);
    private final LoopMemory memory;
    private int limitBytes;
    private int heldBytes;
    private long received;
    private boolean complete;
    private boolean replayable = true;
    private boolean replayWanted = true;
    private boolean discarding;
    private @Nullable Headers trailers;
    private @Nullable BodyWriter sink;
    private @Nullable BodyTap tap;
    private @Nullable Runnable afterEnd;

    /** @param memory of the loop: while it is short nothing is kept for a replay */
    RequestBody(ReadGate gate, int limitBytes, LoopMemory memory) {
        this.gate = gate;
        this.memory = memory;
        this.limitBytes = limitBytes;
    }

    /** Sets how many bytes may be held back for a replay ({@code sluice.dev/replay-limit}). */
    public void replayLimitBytes(int bytes) {
        this.limitBytes = bytes;
    }

    /** Bytes received so far. */
    public long received() {
        return received;
    }

    /** The end of the request has arrived. */
    public boolean isComplete() {
        return complete;
    }

    /** Everything received so far could be sent again. */
    public boolean isReplayable() {
        return replayable;
    }

    /**
     * Also shows the body to {@code another} reader (a mirror), from its first byte: what a delay has held back is shown at
     * once. Before the first attempt, which may let go of it.
     */
    public void tap(BodyTap another) {
        BodyTap first = tap;
        tap = first == null ? another : first.and(another);
        for (ByteBuf piece : held) {
            another.onData(piece, false);
        }
        if (complete) {
            another.onData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    /** Runs {@code action} once the end of the request, still to come, has been handed on; never if that does not happen. */
    void whenComplete(Runnable action) {
        Runnable earlier = afterEnd;
        afterEnd = earlier == null
                ? action
                : () -> {
                    earlier.run();
                    action.run();
                };
    }

    void onData(ByteBuf data, boolean last) {
        pass(data, last);
        if (last) {
            ended();
        }
    }

    private void pass(ByteBuf data, boolean last) {
        int bytes = data.readableBytes();
        received += bytes;
        complete |= last;
        if (tap != null) {
            tap.onData(data, last);
        }
        if (discarding) {
            data.release();
            return;
        }
        BodyWriter to = sink;
        if (to == null) {
            hold(data);
            if (!complete && (heldBytes >= limitBytes || memory.isTight())) {
                gate.pause();
            }
            return;
        }
        if (replayable) {
            if (replayWanted && heldBytes + bytes <= limitBytes && !memory.isTight()) {
                hold(data.retainedDuplicate());
            } else {
                replayable = false;
                releaseHeld();
            }
        }
        to.data(data, last);
        if (!last && !to.isWritable()) {
            gate.pause();
        }
    }

    void onTrailers(Headers received) {
        complete = true;
        trailers = received;
        if (tap != null) {
            tap.onData(Unpooled.EMPTY_BUFFER, true);
        }
        BodyWriter to = sink;
        if (!discarding && to != null) {
            to.trailers(received);
        }
        ended();
    }

    private void ended() {
        Runnable action = afterEnd;
        afterEnd = null;
        if (action != null && !discarding) {
            action.run();
        }
    }

    /** Neither body nor trailers are left to send: an attempt may end with its head. */
    boolean isEmpty() {
        return complete && heldBytes == 0 && trailers == null && replayable;
    }

    /** Sends what is held to {@code writer} and everything that follows. */
    void attach(BodyWriter writer) {
        sink = writer;
        if (heldBytes > limitBytes || !replayWanted) {
            replayable = false;
        }
        boolean endsWithData = complete && trailers == null;
        if (replayable) {
            int left = held.size();
            for (ByteBuf piece : held) {
                left--;
                writer.data(piece.retainedDuplicate(), endsWithData && left == 0);
            }
            if (endsWithData && held.isEmpty()) {
                writer.data(Unpooled.EMPTY_BUFFER, true);
            }
        } else {
            drainInto(writer, endsWithData);
        }
        Headers end = trailers;
        if (complete && end != null) {
            writer.trailers(end);
        }
        if (!complete && writer.isWritable()) {
            gate.resume();
        }
    }

    private void drainInto(BodyWriter writer, boolean endsWithData) {
        ByteBuf piece = held.poll();
        if (piece == null && endsWithData) {
            writer.data(Unpooled.EMPTY_BUFFER, true);
        }
        while (piece != null) {
            ByteBuf next = held.poll();
            writer.data(piece, endsWithData && next == null);
            piece = next;
        }
        heldBytes = 0;
    }

    /** The attempt takes no more; a later one may. */
    void detach() {
        sink = null;
        if (!complete && !discarding) {
            gate.pause();
        }
    }

    /** The attempt's writer takes data again. */
    void resume() {
        if (!complete) {
            gate.resume();
        }
    }

    /** The response is committed: nothing will be sent again. */
    void stopReplay() {
        replayWanted = false;
        if (sink != null) {
            replayable = false;
            releaseHeld();
        }
    }

    /** The exchange is over: what still arrives is dropped. */
    void discard() {
        discarding = true;
        sink = null;
        releaseHeld();
        BodyTap seen = tap;
        tap = null;
        if (seen != null && !complete) {
            seen.onAbort();
        }
        if (!complete) {
            gate.resume();
        }
    }

    private void hold(ByteBuf data) {
        if (data.isReadable()) {
            held.add(data);
            heldBytes += data.readableBytes();
        } else {
            data.release();
        }
    }

    private void releaseHeld() {
        ByteBuf piece;
        while ((piece = held.poll()) != null) {
            piece.release();
        }
        heldBytes = 0;
    }
}
