package dev.sluice.proxy.e2e.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One TLS connection to a proxy, by the JDK: says the server name that a test wants, and speaks HTTP/1.1. */
final class TlsClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final SSLSocket socket;

    private TlsClient(SSLSocket socket) {
        this.socket = socket;
    }

    /**
     * Connects and shakes hands.
     *
     * @param serverName null for none
     * @param protocols of TLS; none for the defaults
     */
    static TlsClient open(SSLContext context, InetSocketAddress to, @Nullable String serverName, String... protocols)
            throws IOException {
        return over(context, new Socket(to.getAddress(), to.getPort()), serverName, protocols);
    }

    /** Shakes hands by TLS 1.2 with these cipher suites alone, by the IANA's names. */
    static TlsClient withSuites(SSLContext context, InetSocketAddress to, String serverName, String... suites)
            throws IOException {
        return over(context, new Socket(to.getAddress(), to.getPort()), serverName, parameters -> {
            parameters.setProtocols(new String[] {"TLSv1.2"});
            parameters.setCipherSuites(suites);
        });
    }

    /** Shakes hands offering these protocols for what is inside, by ALPN. */
    static TlsClient offering(SSLContext context, InetSocketAddress to, String serverName, String... inside)
            throws IOException {
        Socket plain = new Socket(to.getAddress(), to.getPort());
        return over(context, plain, serverName, parameters -> parameters.setApplicationProtocols(inside));
    }

    /** Shakes hands on a connection that is there. */
    static TlsClient over(SSLContext context, Socket plain, @Nullable String serverName, String... protocols)
            throws IOException {
        return over(context, plain, serverName, parameters -> {
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
        });
    }

    private static TlsClient over(
            SSLContext context, Socket plain, @Nullable String serverName, Consumer<SSLParameters> settings)
            throws IOException {
        plain.setSoTimeout(PATIENCE_MILLIS);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, serverName, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        settings.accept(parameters);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new TlsClient(socket);
    }

    /** Sends a GET and reads the whole response, which must have a length. */
    String get(String host, String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) next);
        }
        int at = head.toString().toLowerCase(Locale.ROOT).indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
        byte[] body = socket.getInputStream().readNBytes(length);
        return head + new String(body, StandardCharsets.UTF_8);
    }

    /** The proxy's certificate. */
    X509Certificate certificate() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    SSLSocket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
