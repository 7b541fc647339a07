package dev.sluice.proxy.app.ready;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks one address whether the proxy behind it is ready, over a plain socket: this runs in a pod every few seconds, and whatever
 * a library would add is paid each time.
 *
 * @param path begins with a slash
 */
public record ReadyQuestion(String host, int port, String path) {
    /** A status line and the sentence after a head. */
    private static final int MOST = 8 * 1024;

    private static final String OK = "200";
    /** Of the code in {@code HTTP/1.1 200 OK}. */
    private static final int STATUS_AT = 9;

    private static final int STATUS_END = 12;

    /** What came back. */
    public enum Outcome {
        READY,
        NOT_READY,
        /** Nobody listens there. */
        NOBODY
    }

    /**
     * @param text what it is called: {@code 503 DRAINING}, or why nothing came
     */
    public record Reply(Outcome outcome, String text) {}

    /** Asks once. */
    public Reply ask(int timeoutMillis) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + authority() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return reply(socket.getInputStream());
        } catch (ConnectException e) {
            return new Reply(Outcome.NOBODY, "nothing answers");
        } catch (IOException e) {
            return new Reply(Outcome.NOT_READY, e.getMessage() == null ? "nothing answers" : e.getMessage());
        }
    }

    private static Reply reply(InputStream in) throws IOException {
        InputStream answer = new BufferedInputStream(in, MOST);
        String line = line(answer);
        if (!line.startsWith("HTTP/1.") || line.length() < STATUS_END) {
            return new Reply(Outcome.NOT_READY, "no HTTP answers");
        }
        String status = line.substring(STATUS_AT, STATUS_END);
        if (status.equals(OK)) {
            // Whoever answers need not close, though he was asked to.
            return new Reply(Outcome.READY, status);
        }
        String rest = new String(answer.readNBytes(MOST), StandardCharsets.UTF_8);
        int body = rest.indexOf("\r\n\r\n");
        return new Reply(
                Outcome.NOT_READY,
                status + (body < 0 ? "" : " " + rest.substring(body).strip()));
    }

    /** What comes before the first CR, as far as a status line may be long. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r' && line.length() < MOST; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return authority();
    }
}
