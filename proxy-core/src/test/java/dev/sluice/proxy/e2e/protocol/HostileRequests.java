package dev.sluice.proxy.e2e.protocol;

import static dev.sluice.proxy.e2e.protocol.HostileRequest.answered;
import static dev.sluice.proxy.e2e.protocol.HostileRequest.cut;
import static dev.sluice.proxy.e2e.protocol.HostileRequest.get;
import static dev.sluice.proxy.e2e.protocol.HostileRequest.passed;
import static dev.sluice.proxy.e2e.protocol.HostileRequest.passedAndClosed;
import static dev.sluice.proxy.e2e.protocol.HostileRequest.post;
import static dev.sluice.proxy.e2e.protocol.HostileRequest.refused;

import java.util.List;
import java.util.stream.Stream;

/** Hostile and odd requests, by the items of spec/reliability.md B1 to B34. */
final class HostileRequests {
    private static final String H = "Host: a\r\n";
    private static final String TE = "Transfer-Encoding: chunked\r\n";

    private HostileRequests() {}

    static Stream<HostileRequest> all() {
        return Stream.of(requestLine(), hosts(), targets(), fields(), lengths(), codings(), chunks(), connection())
                .flatMap(List::stream);
    }

    private static List<HostileRequest> requestLine() {
        return List.of(
                refused(400, "B1 two spaces", "GET  / HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B1 two spaces before the version", "GET /  HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B1 a tab", "GET\t/ HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B1 a space after the version", "GET / HTTP/1.1 \r\n" + H + "\r\n"),
                refused(400, "B2 a leading space", " GET / HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B2 a leading NUL", "\u0000GET / HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B2 a leading LF", "\nGET / HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B2 many empty lines", "\r\n\r\n\r\nGET / HTTP/1.1\r\n" + H + "\r\n"),
                passed("B2 an empty line", "\r\nGET / HTTP/1.1\r\n" + H + "\r\n", "+get / http/1.1\r\n"),
                refused(505, "B5 HTTP/2.0", "GET / HTTP/2.0\r\n" + H + "\r\n"),
                refused(505, "B5 HTTP/9.9", "GET / HTTP/9.9\r\n" + H + "\r\n"),
                refused(505, "B5 HTTP/0.9", "GET / HTTP/0.9\r\n" + H + "\r\n"),
                passed("B5 HTTP/1.2", "GET / HTTP/1.2\r\n" + H + "\r\n", "+get / http/1.1\r\n"),
                passed("B5 HTTP/1.9", "GET / HTTP/1.9\r\n" + H + "\r\n", "+get / http/1.1\r\n"),
                refused(400, "B5 lower case", "GET / http/1.1\r\n" + H + "\r\n"),
                refused(400, "B5 HTTP/1.10", "GET / HTTP/1.10\r\n" + H + "\r\n"),
                refused(400, "B5 HTTP/01.1", "GET / HTTP/01.1\r\n" + H + "\r\n"),
                refused(400, "B5 no version", "GET /\r\n" + H + "\r\n"),
                refused(400, "B5 another protocol", "GET / ICAP/1.0\r\n" + H + "\r\n"),
                refused(400, "B13 a control character in the method", "G\u0001T / HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B13 a bare LF ends the request line", "GET / HTTP/1.1\n" + H + "\r\n"),
                refused(400, "B13 a bare CR in the request line", "GET /\rx HTTP/1.1\r\n" + H + "\r\n"),
                passed("an unknown method", "BREW / HTTP/1.1\r\n" + H + "\r\n", "+brew / http/1.1\r\n"),
                passed("a method in lower case", "get / HTTP/1.1\r\n" + H + "\r\n", "+get / http/1.1\r\n"));
    }

    private static List<HostileRequest> hosts() {
        return List.of(
                refused(400, "B6 no host", "GET / HTTP/1.1\r\n\r\n"),
                refused(400, "B6 two hosts", get("Host: b\r\n")),
                refused(400, "B6 the same host twice", get(H)),
                refused(400, "B6 a list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                refused(400, "B6 a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
                refused(400, "B6 a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                refused(400, "B6 a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                refused(400, "B6 NUL", "GET / HTTP/1.1\r\nHost: a\u0000\r\n\r\n"),
                refused(400, "B6 empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                refused(400, "B6 a port of letters", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
                refused(400, "B6 a fragment", "GET / HTTP/1.1\r\nHost: a#b\r\n\r\n"),
                refused(400, "B6 an unclosed bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
                refused(426, "B7 HTTP/1.0 without host", "GET / HTTP/1.0\r\n\r\n"),
                passed("B6 an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "+host: [::1]:80\r\n"));
    }

    private static List<HostileRequest> targets() {
        return List.of(
                refused(400, "B3 a space", "GET /a b HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B3 NUL", "GET /a\u0000b HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B3 0xFF", "GET /a\u00ff HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B3 DEL", "GET /a\u007f HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B4 a fragment", "GET /a#b HTTP/1.1\r\n" + H + "\r\n"),
                passed("B8 absolute form", "GET http://b/p HTTP/1.1\r\n" + H + "\r\n", "+get /p http", "+host: b\r\n"),
                passed("B8 absolute form, no path", "GET http://b?q HTTP/1.1\r\n" + H + "\r\n", "+get /?q http"),
                refused(400, "B8 https in clear text", "GET https://a/ HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B8 another scheme", "GET ftp://a/ HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B8 a user", "GET http://u@a/ HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B8 no authority", "GET http:///a HTTP/1.1\r\n" + H + "\r\n"),
                refused(400, "B8 absolute form without host", "GET http://a/ HTTP/1.1\r\n\r\n"),
                refused(400, "B8 relative", "GET a HTTP/1.1\r\n" + H + "\r\n"),
                passed("B9 OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + H + "\r\n", "+options * http/1.1\r\n"),
                refused(400, "B9 GET *", "GET * HTTP/1.1\r\n" + H + "\r\n"),
                refused(405, "B10 CONNECT", "CONNECT a:443 HTTP/1.1\r\n" + H + "\r\n"),
                refused(
                        400,
                        "B10 CONNECT with a body",
                        "CONNECT a:443 HTTP/1.1\r\n" + H + "Content-Length: 1\r\n\r\nx"),
                answered(405, "B27 TRACE", "TRACE / HTTP/1.1\r\n" + H + "\r\n"),
                answered(200, "B27 OPTIONS, Max-Forwards 0", "OPTIONS / HTTP/1.1\r\n" + H + "Max-Forwards: 0\r\n\r\n"),
                passed(
                        "B27 OPTIONS, Max-Forwards 2",
                        "OPTIONS / HTTP/1.1\r\n" + H + "Max-Forwards: 2\r\n\r\n",
                        "+ds: 1\r\n"),
                passed("E13 dot segments", "GET /a/../b/./c HTTP/1.1\r\n" + H + "\r\n", "+get /b/c http"),
                passed("E13 encoded dots", "GET /a/%2e%2E/b HTTP/1.1\r\n" + H + "\r\n", "+get /b http"),
                passed("E13 a backslash", "GET /a\\..\\b HTTP/1.1\r\n" + H + "\r\n", "+get /b http"),
                passed("E13 an encoded slash is kept", "GET /a%2Fb HTTP/1.1\r\n" + H + "\r\n", "+get /a%2fb http"),
                passed("E13 slashes are kept", "GET //a//b HTTP/1.1\r\n" + H + "\r\n", "+get //a//b http"),
                answered(400, "E13 above the root", "GET /a/../../b HTTP/1.1\r\n" + H + "\r\n"),
                answered(400, "E13 encoded above the root", "GET /%2e%2e/b HTTP/1.1\r\n" + H + "\r\n"),
                answered(400, "E13 a malformed encoding", "GET /%zz HTTP/1.1\r\n" + H + "\r\n"),
                answered(400, "E13 an encoded NUL", "GET /a%00 HTTP/1.1\r\n" + H + "\r\n"),
                refused(414, "B15 too long", "GET /" + "a".repeat(61_440) + " HTTP/1.1\r\n" + H + "\r\n"));
    }

    private static List<HostileRequest> fields() {
        return List.of(
                refused(400, "B11 a space before the colon", get("X-A : b\r\n")),
                refused(400, "B11 a tab before the colon", get("X-A\t: b\r\n")),
                refused(400, "B11 no name", get(": b\r\n")),
                refused(400, "B11 no colon", get("X-A\r\n")),
                refused(400, "B11 a name that is no token", get("X(A: b\r\n")),
                refused(400, "B11 a name of 0xFF", get("X\u00ff: b\r\n")),
                refused(400, "B11 the first header is indented", "GET / HTTP/1.1\r\n X-A: b\r\n" + H + "\r\n"),
                refused(400, "B12 folded", get("X-A: b\r\n c\r\n")),
                refused(400, "B12 folded with a tab", get("X-A: b\r\n\tc: d\r\n")),
                refused(400, "B12 a folded host", "GET / HTTP/1.1\r\nHost: a\r\n Content-Length: 1\r\n\r\n"),
                refused(400, "B12 an empty fold", get("X-A: b\r\n \r\n")),
                refused(400, "B13 a bare LF ends a header", get("X-A: b\nX-B: c\r\n")),
                refused(400, "B13 a bare LF ends the head", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                refused(400, "B13 a bare CR in a value", get("X-A: b\rc\r\n")),
                refused(400, "B13 NUL in a value", get("X-A: b\u0000c\r\n")),
                refused(400, "B13 NUL in a name", get("X\u0000A: b\r\n")),
                refused(400, "B13 a control character in a value", get("X-A: \u0001\r\n")),
                passed("B13 bytes above 127 in a value", get("X-A: \u00fc\r\n"), "+x-a: \u00fc\r\n"),
                passed("an empty value", get("X-A:\r\n"), "+x-a: \r\n"),
                refused(400, "B14 content_length", get("Content_Length: 5\r\n")),
                refused(400, "B14 transfer_encoding", get("Transfer_Encoding: chunked\r\n")),
                passed("B14 another underscore", get("X_A: b\r\n"), "+x_a: b\r\n"),
                refused(431, "B15 101 headers", get("X-A: b\r\n".repeat(100))),
                passed("B15 100 headers", get("X-A: b\r\n".repeat(99))),
                refused(431, "B15 too large", get("X-A: " + "b".repeat(61_440) + "\r\n")),
                passed(
                        "B16 singletons that come twice",
                        get("Authorization: x\r\nCookie: a=1\r\nAuthorization: y\r\nCookie: b=2\r\n"),
                        "+authorization: x\r\ncookie: a=1\r\nauthorization: y\r\ncookie: b=2\r\n"));
    }

    private static List<HostileRequest> lengths() {
        return List.of(
                refused(400, "B17 both framings", post("Content-Length: 3\r\n" + TE, "0\r\n\r\n")),
                refused(400, "B17 both, the other order", post(TE + "Content-Length: 3\r\n", "0\r\n\r\n")),
                refused(
                        400,
                        "B17 both in HTTP/1.0",
                        "POST / HTTP/1.0\r\n" + H + TE + "Content-Length: 3\r\n\r\n0\r\n\r\n"),
                refused(400, "B17 chunked in HTTP/1.0", "POST / HTTP/1.0\r\n" + H + TE + "\r\n0\r\n\r\n"),
                refused(400, "B18 two lengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "xy")),
                refused(400, "B18 the same length twice", post("Content-Length: 2\r\nContent-Length: 2\r\n", "xy")),
                refused(400, "B18 a list", post("Content-Length: 2, 2\r\n", "xy")),
                refused(400, "B18 plus", post("Content-Length: +2\r\n", "xy")),
                refused(400, "B18 minus", post("Content-Length: -1\r\n", "xy")),
                refused(400, "B18 hexadecimal", post("Content-Length: 0x2\r\n", "xy")),
                refused(400, "B18 empty", post("Content-Length:\r\n", "xy")),
                refused(400, "B18 20 digits", post("Content-Length: 99999999999999999999\r\n", "xy")),
                refused(400, "B18 two numbers", post("Content-Length: 1 2\r\n", "xy")),
                passed("B18 a leading zero", post("Content-Length: 02\r\n", "xy"), "+content-length: 2\r\n"),
                passed(
                        "B23 GET with a body",
                        get("Content-Length: 2\r\n") + "xy",
                        "+content-length: 2\r\n",
                        "+\r\n\r\nxy"),
                passed(
                        "B23 OPTIONS with a body",
                        "OPTIONS / HTTP/1.1\r\n" + H + "Content-Length: 2\r\n\r\nxy",
                        "+\r\n\r\nxy"));
    }

    private static List<HostileRequest> codings() {
        return List.of(
                refused(400, "B19 not chunked", post("Transfer-Encoding: gzip\r\n", "x")),
                refused(400, "B19 chunked first", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")),
                refused(400, "B19 a parameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")),
                refused(400, "B19 twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")),
                refused(400, "B19 two lines", post(TE + TE, "0\r\n\r\n")),
                refused(400, "B19 two lines, another one", post(TE + "Transfer-Encoding: x\r\n", "0\r\n\r\n")),
                refused(400, "B19 a vertical tab", post("Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n")),
                refused(400, "B19 empty", post("Transfer-Encoding:\r\n", "0\r\n\r\n")),
                refused(400, "B19 a comma", post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n")),
                refused(400, "B19 like chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
                refused(400, "B19 quoted", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")),
                refused(400, "B19 a space before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")),
                refused(400, "B19 folded", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")),
                refused(501, "B19 gzip", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
                refused(501, "B19 identity", post("Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n")),
                passed(
                        "B19 in capitals",
                        post("TRANSFER-ENCODING: CHUNKED\r\n", "2\r\nxy\r\n0\r\n\r\n"),
                        "+2\r\nxy\r\n"));
    }

    private static List<HostileRequest> chunks() {
        return List.of(
                cut("B20 0x2", "0x2\r\nxy\r\n0\r\n\r\n"),
                cut("B20 plus", "+2\r\nxy\r\n0\r\n\r\n"),
                cut("B20 minus", "-2\r\nxy\r\n0\r\n\r\n"),
                cut("B20 a space ahead", " 2\r\nxy\r\n0\r\n\r\n"),
                cut("B20 a space behind", "2 \r\nxy\r\n0\r\n\r\n"),
                cut("B20 an underscore", "0_2\r\nxy\r\n0\r\n\r\n"),
                cut("B20 no size", "\r\nxy\r\n0\r\n\r\n"),
                cut("B20 2^31", "80000000\r\nxy\r\n0\r\n\r\n"),
                cut("B20 2^64 + 2", "10000000000000002\r\nxy\r\n0\r\n\r\n"),
                cut("B20 a bare LF ends the size", "2\nxy\r\n0\r\n\r\n"),
                cut("B20 a bare LF ends the data", "2\r\nxy\n0\r\n\r\n"),
                cut("B20 nothing ends the data", "2\r\nxy0\r\n\r\n"),
                cut("B20 more data than said", "2\r\nxyz\r\n0\r\n\r\n"),
                cut("B21 a bare LF in an extension", "2;a\nb\r\nxy\r\n0\r\n\r\n"),
                cut("B21 a quoted line end", "2;a=\"\r\nxy\r\n0\r\n\r\n\"\r\n"),
                cut("B21 an extension of 5 KiB", "2;" + "a".repeat(5_000) + "\r\nxy\r\n0\r\n\r\n"),
                cut("B13 a bare LF in a trailer", "2\r\nxy\r\n0\r\nX-A: b\nX-B: c\r\n\r\n"),
                cut("B22 a malformed trailer", "2\r\nxy\r\n0\r\nX-A : b\r\n\r\n"),
                passed(
                        "B21 an extension",
                        post(TE, "2;a=b\r\nxy\r\n0\r\n\r\n"),
                        "+\r\n\r\n2\r\nxy\r\n0\r\n\r\n",
                        "-a=b"),
                passed(
                        "B22 trailers without TE",
                        post(TE, "2\r\nxy\r\n0\r\nHost: evil\r\nAuthorization: x\r\n\r\n"),
                        "-evil",
                        "-authorization"));
    }

    private static List<HostileRequest> connection() {
        return List.of(
                refused(417, "B26 an unknown expectation", post("Content-Length: 1\r\nExpect: a-pony\r\n", "x")),
                passed("B26 100-continue without a body", get("Expect: 100-continue\r\n"), "-expect"),
                passed(
                        "B28 what Connection names",
                        get("Connection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nTE: gzip\r\n"),
                        "-x-hop",
                        "-keep-alive",
                        "-proxy-connection",
                        "-connection:",
                        "-gzip"),
                passed(
                        "B28 what Connection must not name",
                        post("Connection: Host, X-Forwarded-For, Content-Length\r\nContent-Length: 2\r\n", "xy"),
                        "+host: a\r\n",
                        "+x-forwarded-for: 127.",
                        "+content-length: 2\r\n"),
                passed(
                        "B29 Proxy-Authorization",
                        get("Proxy-Authorization: Basic x\r\n"),
                        "+proxy-authorization: basic x"),
                passed(
                        "B34 upgrade to h2c",
                        get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"),
                        "-upgrade",
                        "-h2c",
                        "-http2-settings"),
                passed("B55 what translators read", get("X-HTTP2-Path: /evil\r\n"), "-evil"),
                passed(
                        "E12 headers that steer a proxy",
                        get("X-Envoy-Upstream-Rq-Timeout-Ms: 1\r\nX-Istio-A: 1\r\nX-Sluice-A: 1\r\n"),
                        "-x-envoy-upstream",
                        "-x-istio",
                        "-x-sluice-a"),
                passedAndClosed("B30 HTTP/1.0", "GET / HTTP/1.0\r\n" + H + "\r\n", "+get / http/1.1\r\n"),
                passedAndClosed("Connection: close", get("Connection: close\r\n"), "-connection:"),
                passed("B30 HTTP/1.0 that asks for more", "GET / HTTP/1.0\r\n" + H + "Connection: keep-alive\r\n\r\n"));
    }
}
