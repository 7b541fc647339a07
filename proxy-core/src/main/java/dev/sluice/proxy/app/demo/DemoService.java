package dev.sluice.proxy.app.demo;

import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One version of a Bookinfo service: answers every request with its name and version, and counts. */
final class DemoService implements ServerStreamHandler {
    private final String name;
    private final String version;
    private final LongAdder answered = new LongAdder();

    DemoService(String name, String version) {
        this.name = name;
        this.version = version;
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    String label() {
        return name + " " + version;
    }

    long answered() {
        return answered.sum();
    }

    @Override
    public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
        Answer answer = new Answer(head, stream);
        if (last) {
            answer.send();
        }
        return answer;
    }

    @Override
    public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
        Headers headers = H1Headers.create();
        headers.set(HeaderNames.CONTENT_LENGTH, "0");
        stream.head(new ResponseHead(error.code().status(), headers, 0), true);
    }

    private final class Answer implements RequestReader {
        private final RequestHead head;
        private final ServerStream stream;

        Answer(RequestHead head, ServerStream stream) {
            this.head = head;
            this.stream = stream;
        }

        void send() {
            answered.increment();
            byte[] body = ("{\"service\":\"" + name + "\",\"version\":\"" + version + "\"" + extra() + "}\n")
                    .getBytes(StandardCharsets.UTF_8);
            Headers headers = head.version() == HttpVersion.HTTP_2 ? H2Headers.create() : H1Headers.create();
            headers.set(HeaderNames.CONTENT_TYPE, "application/json");
            headers.set(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
            stream.head(new ResponseHead(200, headers, body.length), false);
            stream.data(Unpooled.wrappedBuffer(body), true);
        }

        /** What tells the versions of reviews apart in Bookinfo: none, black and red stars. */
        private String extra() {
            if (!name.equals("reviews")) {
                return "";
            }
            return switch (version) {
                case "v2" -> ",\"stars\":\"black\"";
                case "v3" -> ",\"stars\":\"red\"";
                default -> ",\"stars\":\"none\"";
            };
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            data.release();
            if (last) {
                send();
            }
        }

        @Override
        public void onTrailers(Headers trailers) {
            send();
        }

        @Override
        public void onReset(ProxyError error) {
            // The client left; there is nothing to undo.
            assert error != null;
        }

        @Override
        public void onWritable() {
            // One small body: never waited for.
            assert stream.isWritable();
        }
    }
}
