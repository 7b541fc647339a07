package dev.sluice.proxy.codec;

import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes what a server codec hands over and keeps it for a test to look at. */
public final class TakenRequests implements ServerStreamHandler {
    public final List<Taken> taken = new ArrayList<>();
    public final List<Refused> refused = new ArrayList<>();
    public final List<Reset> reset = new ArrayList<>();
    public Consumer<Taken> onRequest = request -> {};

    @Override
    public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
        Taken request = new Taken(head, last, stream);
        taken.add(request);
        onRequest.accept(request);
        return request;
    }

    @Override
    public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
        refused.add(new Refused(error, head));
        stream.head(Heads.response(error.code().status()), true);
    }

    @Override
    public void onResetRequest(ProxyError error, RequestHead head, ServerStream stream) {
        reset.add(new Reset(error, head, stream));
    }

    public Taken last() {
        return taken.get(taken.size() - 1);
    }

    public record Refused(ProxyError error, @Nullable RequestHead head) {}

    public record Reset(ProxyError error, RequestHead head, ServerStream stream) {}

    /** One request: its head, and a log of everything that followed. */
    public static final class Taken implements RequestReader {
        public final RequestHead head;
        public final boolean ended;
        public final ServerStream stream;
        public final List<String> events = new ArrayList<>();
        public Runnable onWritable = () -> {};
        public Consumer<String> onEvent = event -> {};

        @Nullable
        public ProxyError reset;

        Taken(RequestHead head, boolean ended, ServerStream stream) {
            this.head = head;
            this.ended = ended;
            this.stream = stream;
        }

        private void add(String event) {
            events.add(event);
            onEvent.accept(event);
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            String text = data.toString(StandardCharsets.ISO_8859_1);
            data.release();
            add((text.length() > 64 ? "<" + text.length() + ">" : text) + (last ? "|" : ""));
        }

        @Override
        public void onTrailers(Headers trailers) {
            add("trailers " + Heads.lines(trailers));
        }

        @Override
        public void onReset(ProxyError error) {
            reset = error;
            add("reset " + error.code());
        }

        @Override
        public void onWritable() {
            add("writable");
            onWritable.run();
        }
    }
}
