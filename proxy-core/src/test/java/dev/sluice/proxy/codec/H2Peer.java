package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http2.connection.H2ClientHandler;
import dev.sluice.proxy.codec.http2.connection.H2ServerHandler;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.handler.codec.http2.Http2Error;
import java.net.InetSocketAddress;
import java.util.List;

/** {@link StreamPeer} in HTTP/2. Its flow control windows are the blocked bytes. */
abstract class H2Peer implements StreamPeer {
    private static final int PLENTY = 10_000_000;

    private final RawH2 raw;
    private final int stream;
    private final StreamWords words = new StreamWords();

    private H2Peer(RawH2 raw, int stream) {
        this.raw = raw;
        this.stream = stream;
    }

    final RawH2 raw() {
        return raw;
    }

    @Override
    public void data(String text, boolean last) {
        raw.data(stream, last, text);
    }

    @Override
    public void trailers() {
        raw.headers(stream, true, "x-sum", "1");
    }

    @Override
    public void reset() {
        raw.rst(stream, Http2Error.CANCEL);
    }

    @Override
    public void block(boolean block) {
        if (!block) {
            raw.windowUpdate(0, PLENTY);
            raw.windowUpdate(stream, PLENTY);
        }
    }

    @Override
    public List<String> seen() {
        for (String line : raw.received()) {
            see(line);
        }
        return words.all();
    }

    private void see(String line) {
        String[] parts = line.split(" ", 4);
        boolean end = line.endsWith(" END");
        switch (parts[0]) {
            case "HEADERS" -> {
                String fields = line.substring(line.indexOf(' ', 8) + 1);
                words.add(
                        fields.startsWith(":status=")
                                ? fields.substring(8, 11)
                                : fields.startsWith(":method=") ? "HEAD" : "trailers");
            }
            case "DATA" -> words.text(parts.length < 3 || parts[2].equals("END") ? "" : parts[2]);
            case "RST_STREAM" -> words.over();
            default -> {}
        }
        if (end) {
            words.end();
        }
    }

    @Override
    public void close() {
        raw.close();
    }

    /** A client. */
    static final class Client extends H2Peer implements StreamPeer.OfServer {
        private final TakenRequests app;

        private Client(TakenRequests app, RawH2 raw) {
            super(raw, 1);
            this.app = app;
        }

        static Client connect() {
            TakenRequests app = new TakenRequests();
            ChannelConnection facts =
                    new ChannelConnection(new InetSocketAddress(1), new InetSocketAddress(2), false, null);
            return new Client(app, RawH2.client(new H2ServerHandler(app, facts, CodecLimits.DEFAULT)));
        }

        @Override
        public TakenRequests app() {
            return app;
        }

        @Override
        public void head(boolean last) {
            raw().headers(1, last, RawH2.request("POST", "te", "trailers"));
        }
    }

    /** An upstream. */
    static final class Upstream extends H2Peer implements StreamPeer.OfClient {
        private final H2ClientHandler handler;

        private Upstream(H2ClientHandler handler) {
            super(RawH2.server(handler).settings(), 3);
            this.handler = handler;
        }

        static Upstream connect() {
            return new Upstream(new H2ClientHandler(CodecLimits.DEFAULT, null));
        }

        @Override
        public ClientStream open(ResponseReader reader) {
            ClientStream stream = handler.open(reader);
            stream.head(Heads.request("POST", "/", "te", "trailers"), HeaderOverlay.NONE, false);
            return stream;
        }

        @Override
        public void informational() {
            raw().headers(3, false, ":status", "103");
        }

        @Override
        public void head(boolean last) {
            raw().headers(3, last, ":status", "200");
        }
    }
}
