package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http1.connection.H1Client;
import dev.sluice.proxy.codec.http1.connection.H1Server;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@link StreamPeer} in HTTP/1. */
abstract class H1Peer implements StreamPeer {
    private final PullChannel ours;
    private final EmbeddedChannel decoder;
    private final StreamWords words = new StreamWords();
    private boolean informational;

    private H1Peer(PullChannel ours, ChannelHandler decoder) {
        this.ours = ours;
        this.decoder = new EmbeddedChannel(decoder);
    }

    final PullChannel ours() {
        return ours;
    }

    @Override
    public void data(String text, boolean last) {
        String chunk = text.isEmpty() ? "" : Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
        ours.send(chunk + (last ? "0\r\n\r\n" : ""));
    }

    @Override
    public void trailers() {
        ours.send("0\r\nx-sum: 1\r\n\r\n");
    }

    @Override
    public void reset() {
        ours.sendReset();
    }

    @Override
    public void block(boolean block) {
        ours.blockWrites(block);
    }

    @Override
    public List<String> seen() {
        String bytes = ours.received();
        if (!bytes.isEmpty()) {
            decoder.writeInbound(decoder.alloc().buffer().writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1)));
        }
        for (Object piece = decoder.readInbound(); piece != null; piece = decoder.readInbound()) {
            see(piece);
            ReferenceCountUtil.release(piece);
        }
        if (!ours.isActive()) {
            words.over();
        }
        return words.all();
    }

    private void see(Object piece) {
        if (piece instanceof HttpRequest) {
            words.add("HEAD");
        }
        if (piece instanceof HttpResponse response) {
            informational = response.status().code() < 200;
            words.add(String.valueOf(response.status().code()));
        }
        if (piece instanceof HttpContent content) {
            words.text(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (piece instanceof LastHttpContent end && !informational) {
            if (!end.trailingHeaders().isEmpty()) {
                words.add("trailers");
            }
            words.end();
        }
    }

    @Override
    public void close() {
        ours.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
    }

    /** A client. */
    static final class Client extends H1Peer implements StreamPeer.OfServer {
        private final TakenRequests app;

        private Client(TakenRequests app, PullChannel server) {
            super(server, new HttpResponseDecoder());
            this.app = app;
        }

        static Client connect() throws Exception {
            TakenRequests app = new TakenRequests();
            return new Client(app, H1Server.connect(app));
        }

        @Override
        public TakenRequests app() {
            return app;
        }

        @Override
        public void head(boolean last) {
            ours().send("POST / HTTP/1.1\r\nhost: a\r\nte: trailers\r\n"
                    .concat(last ? "\r\n" : "transfer-encoding: chunked\r\n\r\n"));
        }
    }

    /** An upstream. */
    static final class Upstream extends H1Peer implements StreamPeer.OfClient {
        private final H1Client client;

        private Upstream(H1Client client) {
            super(client.upstream, new HttpRequestDecoder());
            this.client = client;
        }

        static Upstream connect() throws Exception {
            return new Upstream(new H1Client());
        }

        @Override
        public ClientStream open(ResponseReader reader) {
            ClientStream stream = client.connection.open(reader);
            stream.head(H1Client.request("POST", "/", -1, "te", "trailers").build(), HeaderOverlay.NONE, false);
            return stream;
        }

        @Override
        public void informational() {
            ours().send("HTTP/1.1 103 Early Hints\r\n\r\n");
        }

        @Override
        public void head(boolean last) {
            ours().send("HTTP/1.1 200 OK\r\n"
                    .concat(last ? "content-length: 0\r\n\r\n" : "transfer-encoding: chunked\r\n\r\n"));
        }
    }
}
