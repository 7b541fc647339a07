package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ServerStreamHandler;
import java.net.InetSocketAddress;
import java.util.Locale;

/** What the tests of {@link H1ServerHandler} share. */
public final class H1Server {
    public static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    public static final ProxyError ERROR = ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "in a test");

    private H1Server() {}

    /** A request with a chunked body, given as it is on the wire. */
    public static String chunkedPost(String wireBody) {
        return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + wireBody;
    }

    /** A client's connection to {@code app}. */
    public static PullChannel connect(ServerStreamHandler app) throws Exception {
        return connect(app, CodecLimits.DEFAULT);
    }

    public static PullChannel connect(ServerStreamHandler app, CodecLimits limits) throws Exception {
        ChannelConnection client = new ChannelConnection(
                new InetSocketAddress("192.0.2.1", 4242), new InetSocketAddress("192.0.2.2", 80), false, null);
        return new PullChannel(new H1ServerHandler(app, client, limits));
    }

    /** The response with its date made the same for every run. */
    public static String undated(String response) {
        int start = response.indexOf("\r\ndate: ");
        if (start < 0) {
            return response;
        }
        int end = response.indexOf("\r\n", start + 2);
        return response.substring(0, start) + "\r\ndate: DATE" + undated(response.substring(end));
    }

    /** The header line with {@code name}, with its end; empty if there is none. */
    public static String line(String response, String name) {
        for (String line : response.split("(?<=\r\n)", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                return line;
            }
        }
        return "";
    }

    /** Status of the response; 0 if nothing was received. */
    public static int status(String response) {
        return response.startsWith("HTTP/1.1 ") ? Integer.parseInt(response.substring(9, 12)) : 0;
    }
}
