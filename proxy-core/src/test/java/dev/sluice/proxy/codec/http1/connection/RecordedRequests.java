package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes what a server codec hands on. Fails by an {@link AssertionError} if anything follows an end. */
final class RecordedRequests implements ServerStreamHandler {
    final List<Recorded> requests = new ArrayList<>();
    private Action action = request -> {};
    private boolean answersRefusals = true;

    /** What to do with a request as soon as its head is here. */
    interface Action {
        void on(Recorded request);
    }

    /** Does {@code newAction} with each request as soon as its head is here. */
    RecordedRequests onEach(Action newAction) {
        action = newAction;
        return this;
    }

    /** Leaves refused requests without answer. */
    RecordedRequests silentOnRefusals() {
        answersRefusals = false;
        return this;
    }

    @Override
    public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
        Recorded recorded = new Recorded(head, null, stream);
        recorded.ended = last;
        requests.add(recorded);
        action.on(recorded);
        return recorded;
    }

    @Override
    public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
        Recorded recorded = new Recorded(head, error, stream);
        recorded.ended = true;
        requests.add(recorded);
        if (answersRefusals) {
            recorded.reply(error.code().status(), "refused");
        }
    }

    /** The only request so far. */
    Recorded only() {
        if (requests.size() != 1) {
            throw new AssertionError("expected one request, not " + requests);
        }
        return requests.get(0);
    }

    /** The latest request. */
    Recorded last() {
        return requests.get(requests.size() - 1);
    }

    /** One request. */
    static final class Recorded implements RequestReader {
        final @Nullable RequestHead refusedHead;
        final @Nullable ProxyError refusal;
        final ServerStream stream;
        final StringBuilder body = new StringBuilder();
        private final @Nullable RequestHead head;
        boolean ended;
        int writableCalls;
        private Runnable onNextData = () -> {};

        @Nullable
        Headers trailers;

        @Nullable
        ProxyError reset;

        Recorded(@Nullable RequestHead head, @Nullable ProxyError refusal, ServerStream stream) {
            this.head = head;
            this.refusedHead = head;
            this.refusal = refusal;
            this.stream = stream;
        }

        RequestHead head() {
            if (head == null) {
                throw new AssertionError("no head could be read: " + refusal);
            }
            return head;
        }

        /** Does {@code action} inside the call that brings the next piece of the body. */
        void onNextData(Runnable action) {
            onNextData = action;
        }

        /** Value of a header, or null. */
        @Nullable
        String header(String name) {
            CharSequence value = head().headers().get(AsciiString.of(name));
            return value == null ? null : value.toString();
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            noneAfterEnd();
            body.append(data.toString(StandardCharsets.ISO_8859_1));
            data.release();
            ended = last;
            Runnable action = onNextData;
            onNextData = () -> {};
            action.run();
        }

        @Override
        public void onTrailers(Headers newTrailers) {
            noneAfterEnd();
            trailers = newTrailers;
            ended = true;
        }

        @Override
        public void onReset(ProxyError error) {
            if (reset != null) {
                throw new AssertionError("reset twice");
            }
            reset = error;
        }

        @Override
        public void onWritable() {
            if (reset != null) {
                throw new AssertionError("writable after a reset");
            }
            writableCalls++;
        }

        private void noneAfterEnd() {
            if (ended || reset != null) {
                throw new AssertionError("something follows the end of " + head);
            }
        }

        /** A whole response with a length. */
        void reply(int status, String text) {
            stream.head(responseHead(status, text.length()), text.isEmpty());
            if (!text.isEmpty()) {
                stream.data(bytes(text), true);
            }
        }

        /** The head of a response; length -1 for none. */
        void replyHead(int status, long length, String... headers) {
            stream.head(responseHead(status, length, headers), false);
        }

        /** A piece of the body. */
        void data(String text, boolean last) {
            stream.data(text.isEmpty() ? Unpooled.EMPTY_BUFFER : bytes(text), last);
        }

        @Override
        public String toString() {
            return head + (refusal == null ? "" : " refused: " + refusal) + " body " + body;
        }
    }

    /** A response head as an HTTP/1 upstream would have sent it; names and values in turns. */
    static ResponseHead responseHead(int status, long length, String... headers) {
        H1Headers held = H1Headers.create();
        for (int i = 0; i < headers.length; i += 2) {
            held.add(AsciiString.of(headers[i]), headers[i + 1]);
        }
        if (length >= 0) {
            held.set(AsciiString.of("content-length"), Long.toString(length));
        }
        return new ResponseHead(status, held, length);
    }

    /** A buffer that must be released. */
    static ByteBuf bytes(String text) {
        return ByteBufUtil.encodeString(
                PooledByteBufAllocator.DEFAULT, CharBuffer.wrap(text), StandardCharsets.ISO_8859_1);
    }
}
