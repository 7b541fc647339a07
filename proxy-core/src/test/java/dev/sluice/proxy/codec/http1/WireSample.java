package dev.sluice.proxy.codec.http1;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes HTTP/1 messages by chance: well-formed ones, and such that something is wrong with. */
public final class WireSample {
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "QUERY", "a!b");
    private static final List<String> TARGETS =
            List.of("/", "/a?b=c", "/reviews/7", "http://b.test/x", "/" + "p".repeat(300), "/%20;=&{}|\"<>");
    private static final List<String> NAMES =
            List.of("accept", "User-Agent", "cookie", "X-A", "x-request-id", "!#$%&'*+-.^_`|~9", "n".repeat(50));
    private static final List<String> VALUES =
            List.of("", "a", "a b\tc", "\u00e4\u00ff", "*/*", "x".repeat(700), "a:b", "\"quoted, text\"", "a,b");
    private static final List<String> BLANKS = List.of("", " ", "\t", "  \t ");
    /** What smuggling is made of. */
    private static final List<String> HOSTILE = List.of(
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            "\u0000",
            " ",
            "\t",
            ":",
            ";",
            ",",
            "\u007f",
            "\u000b",
            "\r\n ",
            "0",
            "Host: b\r\n",
            "Content-Length: 3\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Content-Length: 0\r\n",
            " chunked",
            "HTTP/1.0",
            "+",
            "0x",
            "0\r\n\r\n",
            "Transfer-Encoding : chunked\r\n",
            "\r\nContent-Length: 1",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\u00ff");

    private final Random random;
    private final StringBuilder text = new StringBuilder();

    public WireSample(Random random) {
        this.random = random;
    }

    public byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Adds a request that nothing is wrong with. */
    public WireSample request() {
        boolean old = random.nextInt(5) == 0;
        text.append(one(METHODS)).append(' ').append(one(TARGETS)).append(old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        header("Host", "b.test");
        message(!old);
        return this;
    }

    /** Adds a response that nothing is wrong with, and whose end can be told. */
    public WireSample response() {
        boolean old = random.nextInt(5) == 0;
        text.append(old ? "HTTP/1.0 " : "HTTP/1.1 ")
                .append(one(List.of("200 OK", "404", "500 ", "299 a b \u00e4", "999 x")));
        text.append("\r\n");
        message(!old);
        return this;
    }

    private void message(boolean mayChunk) {
        for (int i = random.nextInt(6); i > 0; i--) {
            header(one(NAMES), one(VALUES));
        }
        int length = random.nextInt(3) == 0 ? 0 : random.nextInt(200);
        if (mayChunk && random.nextBoolean()) {
            header("Transfer-Encoding", one(List.of("chunked", "Chunked")));
            text.append("\r\n");
            chunks();
        } else {
            header("content-length", Integer.toString(length));
            text.append("\r\n").append("b".repeat(length));
        }
    }

    private void header(String name, String value) {
        text.append(name)
                .append(':')
                .append(one(BLANKS))
                .append(value)
                .append(one(BLANKS))
                .append("\r\n");
    }

    private void chunks() {
        for (int i = random.nextInt(4); i > 0; i--) {
            int size = 1 + random.nextInt(300);
            String digits = random.nextBoolean()
                    ? Integer.toHexString(size)
                    : "00" + Integer.toHexString(size).toUpperCase(Locale.ROOT);
            text.append(digits)
                    .append(one(List.of("", "", ";a", ";a=b", " ; a=\"b;c\\\"d\"")))
                    .append("\r\n");
            text.append("c".repeat(size)).append("\r\n");
        }
        text.append("0\r\n");
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            header(one(List.of("x-sum", "Server-Timing")), one(VALUES));
        }
        text.append("\r\n");
    }

    /** Breaks it in a few places, or does no harm, as it happens. */
    public WireSample mutated() {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(5));
            switch (random.nextInt(4)) {
                case 0 -> text.replace(at, end, one(HOSTILE));
                case 1 -> text.insert(at, one(HOSTILE));
                case 2 -> text.delete(at, end);
                default -> text.setCharAt(at, (char) random.nextInt(256));
            }
        }
        return this;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
