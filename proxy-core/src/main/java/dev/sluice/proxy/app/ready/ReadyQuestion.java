package dev.sluice.proxy.app.ready;

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

    private static final int OK = 200;

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
        String text = new String(in.readNBytes(MOST), StandardCharsets.UTF_8);
        String[] line = text.split("\r\n", 2)[0].split(" ", 3);
        if (line.length < 2 || !line[0].startsWith("HTTP/1.")) {
            return new Reply(Outcome.NOT_READY, "no HTTP answers");
        }
        int body = text.indexOf("\r\n\r\n");
        boolean ready = line[1].equals(Integer.toString(OK));
        return new Reply(
                ready ? Outcome.READY : Outcome.NOT_READY,
                line[1] + (body < 0 ? "" : " " + text.substring(body).strip()));
    }

    private String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return authority();
    }
}
