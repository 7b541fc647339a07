package dev.sluice.proxy.format;

import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.telemetry.AgreedTls;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** An exchange of which everything is known, or with {@link #bare} nothing but its request. */
record KnownExchange(boolean complete) implements FormatSource {
    /** 2026-03-04T05:06:07.089Z. */
    private static final long START_MILLIS = 1_772_600_767_089L;

    private static final long MILLI = 1_000_000;

    private static final AgreedTls TLS = AgreedTls.mutual();

    static KnownExchange whole() {
        return new KnownExchange(true);
    }

    static KnownExchange bare() {
        return new KnownExchange(false);
    }

    @Override
    public RequestHead request() {
        Headers headers = H1Headers.create();
        headers.add(AsciiString.of("X-A"), "first");
        headers.add(AsciiString.of("x-a"), "second");
        headers.add(AsciiString.of("x-empty"), "");
        headers.add(AsciiString.of("x-request-id"), "4b6e-77");
        return RequestHead.builder(HttpVersion.HTTP_1_1, "GET", "/p?q=1&e&d=a+b%20%C3%A9%zz%2&q=2&=n", headers)
                .authority("a.com:81")
                .build();
    }

    @Override
    public @Nullable Headers responseHeaders() {
        return one("x-r", "answer");
    }

    @Override
    public @Nullable Headers responseTrailers() {
        return one("grpc-message", "late");
    }

    private @Nullable Headers one(String name, String value) {
        if (!complete) {
            return null;
        }
        Headers headers = H1Headers.create();
        headers.set(AsciiString.of(name), value);
        return headers;
    }

    @Override
    public @Nullable DownstreamConnection connection() {
        return complete ? new Connection() : null;
    }

    @Override
    public @Nullable SocketAddress clientAddress() {
        return complete ? address("203.0.113.9", 4444) : null;
    }

    @Override
    public int status() {
        return complete ? 503 : 0;
    }

    @Override
    public int grpcStatus() {
        return complete ? 14 : -1;
    }

    @Override
    public @Nullable String responseFlags() {
        return complete ? "UF,URX" : "-";
    }

    @Override
    public @Nullable String responseCodeDetails() {
        return complete ? "via_upstream" : null;
    }

    @Override
    public @Nullable String connectionTerminationDetails() {
        return null;
    }

    @Override
    public @Nullable String upstreamFailureReason() {
        return complete ? "refused" : null;
    }

    @Override
    public @Nullable String upstreamCluster() {
        return complete ? "outbound|80||a" : null;
    }

    @Override
    public @Nullable SocketAddress upstreamAddress() {
        return complete ? address("fd00::2", 80) : null;
    }

    @Override
    public @Nullable SocketAddress upstreamLocalAddress() {
        return complete ? address("10.0.0.1", 5555) : null;
    }

    @Override
    public @Nullable ConnectionTls upstreamTls() {
        return complete ? TLS.fromTheOtherSide() : null;
    }

    @Override
    public @Nullable String upstreamProtocol() {
        return complete ? "HTTP/2" : null;
    }

    @Override
    public @Nullable String routeName() {
        return complete ? "café" : null;
    }

    @Override
    public int attempts() {
        return complete ? 2 : 0;
    }

    @Override
    public long requestBytes() {
        return complete ? 11 : 0;
    }

    @Override
    public long responseBytes() {
        return complete ? 22 : 0;
    }

    @Override
    public long startedMillis() {
        return START_MILLIS;
    }

    @Override
    public long startedNanos() {
        return MILLI;
    }

    @Override
    public long requestEndNanos() {
        return complete ? 4 * MILLI : 0;
    }

    @Override
    public long responseHeadNanos() {
        return complete ? 9 * MILLI : 0;
    }

    @Override
    public long endNanos() {
        return complete ? 21 * MILLI : 0;
    }

    private static InetSocketAddress address(String literal, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Connection implements DownstreamConnection {
        @Override
        public SocketAddress remoteAddress() {
            return address("10.0.0.7", 1234);
        }

        @Override
        public SocketAddress localAddress() {
            return address("10.0.0.8", 8080);
        }

        @Override
        public boolean isTls() {
            return true;
        }

        @Override
        public ConnectionTls tls() {
            return TLS;
        }

        @Override
        public String serverName() {
            return "sni.test";
        }

        @Override
        public long id() {
            return 42;
        }
    }
}
