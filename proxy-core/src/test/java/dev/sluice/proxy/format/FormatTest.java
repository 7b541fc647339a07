package dev.sluice.proxy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTest {
    private static String format(String text, FormatSource source) {
        StringBuilder value = new StringBuilder();
        Format.compile(text).append(source, value);
        return value.toString();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "%REQ(x-a)%, first",
                "%REQ(X-A)%, first",
                "%REQ(X-NONE?X-A)%, first",
                "%REQ(x-a?:method)%, first",
                "%REQ(:METHOD)%, GET",
                "%REQ(:PATH):6%, /p?q=1",
                "%PATH:6%, /p?q=1",
                "%PATH(WQ):6%, /p?q=1",
                "%PATH(NQ)%, /p",
                "%PATH(NQ:PATH)%, /p",
                "%PATH(NQ:ORIG_OR_PATH)%, /p",
                "%QUERY_PARAM(q)%, 1",
                "%QUERY_PARAM(d)%, a+b é%zz%2",
                "%STREAM_ID%, 4b6e-77",
                "%UPSTREAM_PROTOCOL%, HTTP/2",
                "%REQ(:AUTHORITY)%, a.com:81",
                "%REQ(host)%, a.com:81",
                "%REQ(:scheme)%, http",
                "%REQ(x-a):3%, fir",
                "%REQ(x-a):99%, first",
                "%RESP(x-r)%, answer",
                "%RESP(:status)%, 503",
                "%TRAILER(grpc-message)%, late",
                "%PROTOCOL%, HTTP/1.1",
                "%PROTOCOL:4%, HTTP",
                "%DURATION%, 20",
                "%REQUEST_DURATION%, 3",
                "%RESPONSE_DURATION%, 8",
                "%RESPONSE_TX_DURATION%, 12",
                "%BYTES_RECEIVED%, 11",
                "%BYTES_SENT%, 22",
                "%RESPONSE_CODE%, 503",
                "%RESPONSE_CODE_DETAILS%, via_upstream",
                "%RESPONSE_FLAGS%, 'UF,URX'",
                "%GRPC_STATUS%, Unavailable",
                "%GRPC_STATUS_NUMBER%, 14",
                "%UPSTREAM_HOST%, [fd00::2]:80",
                "%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%, fd00::2",
                "%UPSTREAM_REMOTE_PORT%, 80",
                "%UPSTREAM_LOCAL_ADDRESS%, 10.0.0.1:5555",
                "%UPSTREAM_CLUSTER%, outbound|80||a",
                "%UPSTREAM_CLUSTER_RAW%, outbound|80||a",
                "%UPSTREAM_TRANSPORT_FAILURE_REASON%, refused",
                "%UPSTREAM_REQUEST_ATTEMPT_COUNT%, 2",
                "%DOWNSTREAM_REMOTE_ADDRESS%, 203.0.113.9:4444",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%, 203.0.113.9",
                "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%, 10.0.0.7:1234",
                "%DOWNSTREAM_LOCAL_ADDRESS%, 10.0.0.8:8080",
                "%DOWNSTREAM_LOCAL_PORT%, 8080",
                "%REQ_WITHOUT_QUERY(:PATH)%, /p",
                "%REQ_WITHOUT_QUERY(x-none?:path)%, /p",
                "%REQ_WITHOUT_QUERY(x-a):3%, fir",
                "%DOWNSTREAM_TLS_VERSION%, TLSv1.3",
                "%DOWNSTREAM_TLS_CIPHER%, TLS_AES_128_GCM_SHA256",
                "%DOWNSTREAM_TLS_SESSION_ID%, 0aff",
                "%DOWNSTREAM_PEER_SUBJECT%, 'CN=client,O=Shop'",
                "%DOWNSTREAM_PEER_SUBJECT:9%, CN=client",
                "%DOWNSTREAM_PEER_SERIAL%, 0abc",
                "%DOWNSTREAM_PEER_URI_SAN%, spiffe://cluster.local/ns/shop/sa/client",
                "%DOWNSTREAM_PEER_CERT:32%, -----BEGIN%20CERTIFICATE-----%0A",
                "%DOWNSTREAM_LOCAL_SUBJECT%, 'CN=server,O=Shop'",
                "%UPSTREAM_TLS_VERSION%, TLSv1.3",
                "%UPSTREAM_PEER_DNS_SAN%, 'server.example,server.test'",
                "%UPSTREAM_LOCAL_URI_SAN%, spiffe://cluster.local/ns/shop/sa/client",
                "%REQUESTED_SERVER_NAME%, sni.test",
                "%CONNECTION_ID%, 42",
                "%START_TIME%, 2026-03-04T05:06:07.089Z",
                "%START_TIME(%Y/%m/%d %T)%, 2026/03/04 05:06:07",
                "%START_TIME(%s.%3f)%, 1772600767.089",
                "%START_TIME(%a %e %b %y %I%p %j %E6S %z %Z)%, 'Wed  4 Mar 26 05AM 063 07.089000 +0000 UTC'",
                "%START_TIME(%F %H:%M (%%)):10%, 2026-03-04",
                "%START_TIME(%c %u|%k|%l)%, Wed Mar  4 05:06:07 2026 3| 5| 5",
                "%START_TIME(%D %R %Ez)%, 03/04/26 05:06 +00:00",
                "%START_TIME(%x %X %r)%, 03/04/26 05:06:07 05:06:07 AM",
                "a%%b %PROTOCOL%%%, a%b HTTP/1.1%",
            })
    void writesWhatAnOperatorStandsFor(String text, String expected) {
        String wire = new String(expected.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertEquals(wire, format(text, KnownExchange.whole()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%REQ(x-none)%",
                "%REQ(x-none?x-nobody)%",
                "%RESP(x-r)%",
                "%RESP(:status)%",
                "%TRAILER(x)%",
                "%DURATION%",
                "%REQUEST_DURATION%",
                "%RESPONSE_CODE%",
                "%RESPONSE_CODE_DETAILS%",
                "%CONNECTION_TERMINATION_DETAILS%",
                "%GRPC_STATUS%",
                "%ROUTE_NAME%",
                "%UPSTREAM_HOST%",
                "%UPSTREAM_CLUSTER%",
                "%DOWNSTREAM_REMOTE_ADDRESS%",
                "%DOWNSTREAM_LOCAL_PORT%",
                "%CONNECTION_ID%",
                "%REQUESTED_SERVER_NAME%",
                "%VIRTUAL_CLUSTER_NAME%",
                "%PATH(NQ:ORIG)%",
                "%QUERY_PARAM(e)%",
                "%QUERY_PARAM(none)%",
                "%QUERY_PARAM(p)%",
                "%UPSTREAM_PROTOCOL%",
                "%REQ_WITHOUT_QUERY(x-none)%",
                "%DOWNSTREAM_PEER_SUBJECT%",
                "%DOWNSTREAM_TLS_VERSION%",
                "%UPSTREAM_PEER_SUBJECT%"
            })
    void whatIsNotKnownIsMissing(String text) {
        assertEquals("", format(text, KnownExchange.bare()));
    }

    @Test
    void configuredTextBeyondAsciiIsSentAsUtf8() {
        String wire = new String("café".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertEquals(wire, format("café", KnownExchange.bare()));
        assertEquals(wire, format("%ROUTE_NAME%", KnownExchange.whole()));
    }

    @Test
    void aTextWithoutOperatorsIsALiteral() {
        assertEquals("100%", Format.compile("100%%").literal());
        assertEquals("", Format.compile("").literal());
        assertNull(Format.compile("%PROTOCOL%").literal());
    }

    @Test
    void theHostsNameIsAskedForOnce() {
        assertFalse(format("%HOSTNAME%", KnownExchange.bare()).contains("%"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "100%",
                "%REQ",
                "%REQ(x",
                "%REQ(x)",
                "%REQ(x):%",
                "%REQ(x):a%",
                "%req(x)%",
                "% %",
                "%REQ(x)y%",
                "%REQ%",
                "%REQ()%",
                "%REQ(?x)%",
                "%REQ(a?b?c)%",
                "%NOPE%",
                "%PROTOCOL(x)%",
                "%ENVIRONMENT(PATH)%",
                "%START_TIME(%Q)%",
                "%START_TIME(%E)%",
                "%START_TIME(%0f)%",
                "%START_TIME(%ES)%",
                "%DYNAMIC_METADATA(a)%",
                "%PATH(XQ)%",
                "%PATH(NQ:HERE)%",
                "%PATH(NQ:ORIG:PATH)%",
                "%QUERY_PARAM%",
                "%QUERY_PARAM()%",
                "%REQ_WITHOUT_QUERY%",
                "%DOWNSTREAM_PEER_SUBJECT(x)%",
                "%DOWNSTREAM_PEER_COLOUR%",
                "%DOWNSTREAM_LOCAL_CERT%",
                "%PEER_SUBJECT%"
            })
    void refusesWhatIsMalformedOrUnknownAndSaysWhat(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Format.compile(text))
                .getMessage();
        assertTrue(message.contains("operator"), message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "a%NOPE%b, ab",
                "a%PROTOCOL(x)%b, ab",
                "%NOPE(%Q)%%PROTOCOL%, HTTP/1.1",
                "%req(x-a)% %REQ(x-a)%, ' first'",
                "100% sure, 100% sure",
                "50% a 20% b %PROTOCOL%, 50 b HTTP/1.1",
                "%REQ(x-a, %REQ(x-a",
                "%%%NOPE%%%, %%",
            })
    void leniencyLeavesOutWhatCannotBeRead(String text, String expected) {
        StringBuilder value = new StringBuilder();
        Format.lenient(text).append(KnownExchange.whole(), value);
        assertEquals(expected, value.toString());
    }

    @Property
    void leniencyTakesEveryTextAndChangesNoneThatIsRight(
            @ForAll @Chars({'%', '(', ')', ':', '?', '[', '"', 'R', 'E', 'Q', 'x', '3', ' ', '\u00e9'}) String text) {
        StringBuilder lenient = new StringBuilder();
        Format.lenient(text).append(KnownExchange.whole(), lenient);
        String strict;
        try {
            strict = format(text, KnownExchange.whole());
        } catch (IllegalArgumentException e) {
            return;
        }
        assertEquals(strict, lenient.toString());
    }
}
