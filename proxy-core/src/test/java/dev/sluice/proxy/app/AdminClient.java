package dev.sluice.proxy.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Speaks to an admin port by hand, so that every header is the test's own. */
final class AdminClient {
    private static final int PATIENCE_MILLIS = 50_000;

    private final InetSocketAddress address;

    AdminClient(InetSocketAddress address) {
        this.address = address;
    }

    /** What came back; header names are lower-case. */
    record Reply(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    InetSocketAddress address() {
        return address;
    }

    Reply get(String target, String... headers) throws IOException {
        return send("GET", target, headers);
    }

    /** A change as it should be. */
    Reply post(String target, String... headers) throws IOException {
        String[] more = new String[headers.length + 1];
        more[0] = "X-Sluice-Admin: 1";
        System.arraycopy(headers, 0, more, 1, headers.length);
        return send("POST", target, more);
    }

    /** A Host of the test's own replaces the right one. */
    Reply send(String method, String target, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nConnection: close\r\n");
        boolean host = false;
        for (String header : headers) {
            head.append(header).append("\r\n");
            host |= header.toLowerCase(Locale.ROOT).startsWith("host:");
        }
        if (!host) {
            head.append("Host: localhost:").append(address.getPort()).append("\r\n");
        }
        return raw(head.append("\r\n").toString());
    }

    /** Sends bytes and reads until the server closes. */
    Reply raw(String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(address, PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return parse(readAll(socket.getInputStream()));
        }
    }

    private static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Reply parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("no response: '" + text + "'");
        }
        String[] lines = text.substring(0, end).split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new Reply(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, text.substring(end + 4));
    }
}
