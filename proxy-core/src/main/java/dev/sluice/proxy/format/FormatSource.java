package dev.sluice.proxy.format;

import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.Headers;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What operators may ask of an exchange, at any time of its life: what is not known yet is missing. Texts are null, moments
 * 0 and gRPC statuses -1 when they are missing.
 */
public interface FormatSource {
    /** The request as it is now, edits included. */
    RequestHead request();

    /** Headers of the final response; null before it. */
    @Nullable
    Headers responseHeaders();

    /** Trailers of the response; null when there are none yet. */
    @Nullable
    Headers responseTrailers();

    /** The connection that the request came on; null for a request that is only thought of ({@code explain}). */
    @Nullable
    DownstreamConnection connection();

    /** The client, behind trusted proxies where there are any. */
    @Nullable
    SocketAddress clientAddress();

    /** Status of the response; 0 when none was sent. */
    int status();

    /** gRPC status of the response. */
    int grpcStatus();

    /** Envoy's response flags, several joined by a comma; {@code -} for none, as Envoy has it. */
    @Nullable
    String responseFlags();

    /** Envoy's response code details. */
    @Nullable
    String responseCodeDetails();

    /** Why the downstream connection was ended by the proxy. */
    @Nullable
    String connectionTerminationDetails();

    /** Why the upstream connection failed. */
    @Nullable
    String upstreamFailureReason();

    /** Name of the cluster that the request goes to. */
    @Nullable
    String upstreamCluster();

    /** The endpoint of the latest try. */
    @Nullable
    SocketAddress upstreamAddress();

    /** Our own end of the connection to it. */
    @Nullable
    SocketAddress upstreamLocalAddress();

    /** TLS of the connection to it; null without one, and in clear text. */
    @Nullable
    ConnectionTls upstreamTls();

    /** What the latest try speaks, such as {@code HTTP/2}. */
    @Nullable
    String upstreamProtocol();

    /** Name of the route, as the user gave it. */
    @Nullable
    String routeName();

    /** Tries so far. */
    int attempts();

    /** Body bytes received from the client. */
    long requestBytes();

    /** Body bytes sent to the client. */
    long responseBytes();

    /** Wall clock at the start, milliseconds since the epoch. */
    long startedMillis();

    /** The exchange's clock in nanoseconds at the start. */
    long startedNanos();

    /** The exchange's clock in nanoseconds when the whole request had arrived. */
    long requestEndNanos();

    /** The exchange's clock in nanoseconds when the final head went out. */
    long responseHeadNanos();

    /** The exchange's clock in nanoseconds at the end of the exchange. */
    long endNanos();
}
