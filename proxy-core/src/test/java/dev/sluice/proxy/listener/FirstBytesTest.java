package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first bytes of a connection are taken for. */
class FirstBytesTest {
    private static FirstBytes of(String bytes) {
        return FirstBytes.of(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x",
                "\r\nPOST /x HTTP/1.1\n",
                "GET / HTTP/1.0\r\nAccept: *\r\nhOST:",
                "GET http://x/ HTTP/1.0\r\n",
                "M-SEARCH * HTTP/1.1\r\n",
                "GET http://x/ HTTP/1.1\r\n"
            })
    void aRequestLineWithAVersionIsHttp1(String bytes) {
        assertEquals(FirstBytes.HTTP1, of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\n\r\n",
                "\nGET / HTTP/1.0\n\n",
                "GET / HTTP/1.0\r\nHosts: x\r\nx-host: y\r\n\r\nHost: z"
            })
    void aHeadOfHttp10WithoutHostIsToldApart(String bytes) {
        assertEquals(FirstBytes.HTTP1_WITHOUT_HOST, of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\n",
                "GET / HTTP/1.0\r\nHos",
                "GET / HTTP/1.0\r\nAccept: *\r\n",
                "GET / HTTP/1.0\r\n\r"
            })
    void aHeadOfHttp10IsWaitedForUntilItNamesAHost(String bytes) {
        assertEquals(FirstBytes.UNDECIDED, of(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET", "GET ", "GET / HTTP/1.", "PRI * HTTP/2.0\r\n\r\nSM", "\r\n", "\u0016"})
    void aBeginningIsWaitedFor(String bytes) {
        assertEquals(FirstBytes.UNDECIDED, of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO me\r\n",
                "GET /\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "get / HTTP/1.1\r\n",
                "\u0000\u0000\u0000\u0008\u0004\u00d2\u0016/",
                "*1\r\n$4\r\nPING\r\n",
                "GET /\u0001 HTTP/1.1",
                "\u0016\u0002"
            })
    void otherProtocolsAreNone(String bytes) {
        assertEquals(FirstBytes.OTHER, of(bytes));
    }

    @Test
    void thePrefaceIsHttp2AndAHandshakeIsTls() {
        assertEquals(FirstBytes.HTTP2, of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        assertEquals(FirstBytes.TLS, of("\u0016\u0003\u0001"));
    }

    @Test
    void aLineTooLongToWaitForIsHttp1WhenItBeginsLikeIt() {
        assertEquals(FirstBytes.HTTP1, of("GET /" + "x".repeat(9000)));
        assertEquals(FirstBytes.OTHER, of("X".repeat(33)));
    }
}
