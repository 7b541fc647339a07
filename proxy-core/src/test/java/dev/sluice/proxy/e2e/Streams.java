package dev.sluice.proxy.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;

/** Sockets that carry bytes through a TCP server of a gateway, and the configuration for that. */
final class Streams {
    /** Of a piece that is written or read at once. */
    private static final int PIECE = 32 * 1024;

    private Streams() {}

    /**
     * A gateway whose TCP server on 9000 goes to {@code bytes}, an STATIC service on loopback.
     *
     * @param route of the VirtualService's only tcp rule
     * @param policy trafficPolicy of the service, a YAML flow mapping
     * @param ports of the endpoints, labelled {@code version: v1}, {@code v2} and so on
     */
    static String yaml(String route, String policy, int... ports) {
        StringBuilder yaml = new StringBuilder(
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 9000, name: tcp, protocol: TCP}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: bytes}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  tcp:
                  - route: ROUTE
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: bytes}
                spec:
                  host: bytes.example.com
                  trafficPolicy: POLICY
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: bytes}
                spec:
                  hosts: [bytes.example.com]
                  resolution: STATIC
                  ports: [{number: 7000, name: tcp, protocol: TCP}]
                  endpoints:
                """
                        .replace("ROUTE", route)
                        .replace("POLICY", policy));
        for (int i = 0; i < ports.length; i++) {
            yaml.append("  - {address: 127.0.0.1, ports: {tcp: ")
                    .append(ports[i])
                    .append("}, labels: {version: v")
                    .append(i + 1)
                    .append("}}\n");
        }
        return yaml.toString();
    }

    /** The same with every connection going to the service, and no policy of note. */
    static String yaml(int... ports) {
        return yaml("[{destination: {host: bytes.example.com}}]", "{loadBalancer: {simple: ROUND_ROBIN}}", ports);
    }

    static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        socket.connect(address);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads {@code length} characters. */
    static String read(Socket socket, int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("after " + bytes.length + " of " + length);
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Reads to the peer's FIN. */
    static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** Sends {@code length} bytes that {@code seed} makes; their checksum. */
    static long pour(OutputStream out, long length, long seed) throws IOException {
        Random random = new Random(seed);
        CRC32 sum = new CRC32();
        byte[] piece = new byte[PIECE];
        for (long left = length; left > 0; ) {
            random.nextBytes(piece);
            int part = (int) Math.min(left, piece.length);
            sum.update(piece, 0, part);
            out.write(piece, 0, part);
            left -= part;
        }
        return sum.getValue();
    }

    /** What was read to the peer's FIN. */
    record Drained(long length, long sum) {}

    static Drained drain(InputStream in) throws IOException {
        CRC32 sum = new CRC32();
        byte[] piece = new byte[PIECE];
        long length = 0;
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            sum.update(piece, 0, read);
            length += read;
        }
        return new Drained(length, sum.getValue());
    }
}
