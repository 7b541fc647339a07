package dev.sluice.proxy.telemetry.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.AgreedTls;
import dev.sluice.proxy.telemetry.Connections;
import dev.sluice.proxy.telemetry.line.LogLine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The line of a connection that carried bytes: Istio's format, a dash for what only requests have. */
class StreamLineTest {
    private static String write(LogFormat format, TcpSession session) {
        LogLine line = new LogLine();
        format.write(session, line);
        return line.toString();
    }

    private static TcpSession carried() {
        return carried(null);
    }

    private static TcpSession carried(@Nullable ConnectionTls tls) {
        TcpSession session = Connections.connected(TcpObserver.NONE, tls);
        session.received(11);
        session.sent(2200);
        return session;
    }

    @Test
    void theDefaultLineIsIstios() {
        TcpSession session = carried();
        session.end(null, Connections.end());
        String line = write(LogFormat.text(LogFormat.DEFAULT_TEXT), session);
        assertEquals(
                " \"- - -\" 0 - - - \"-\" 11 2200 1500 - \"-\" \"-\" \"-\" \"-\" \"10.0.0.5:3306\""
                        + " outbound|3306||mysql.shop.svc.cluster.local 10.0.0.1:50000 10.0.0.1:3306 10.0.0.9:40000"
                        + " db.example.com - -",
                line.substring(line.indexOf(']') + 1));
        assertTrue(line.matches("\\[20\\d\\d-\\d\\d-\\d\\dT.*Z] .*"), line);
    }

    @Test
    void aConnectThatFailedSaysSo() {
        TcpSession session = Connections.routed(TcpObserver.NONE);
        session.end(
                ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "delayed connect error: Connection refused"),
                Connections.end());
        assertEquals(
                "0 UF,URX CONNECT_FAILED \"delayed connect error: Connection refused\" 1",
                write(
                        LogFormat.text("%RESPONSE_CODE% %RESPONSE_FLAGS% %SLUICE_CODE%"
                                + " \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" %UPSTREAM_REQUEST_ATTEMPT_COUNT%"),
                        session));
    }

    @Test
    void theTlsOfItsUpstreamIsTold() {
        LogFormat format = LogFormat.text(
                "%UPSTREAM_TLS_VERSION% %UPSTREAM_PEER_URI_SAN% %UPSTREAM_LOCAL_SUBJECT% %DOWNSTREAM_TLS_VERSION%");
        TcpSession secured = carried(AgreedTls.mutual().fromTheOtherSide());
        secured.end(null, Connections.end());
        assertEquals("TLSv1.3 " + AgreedTls.SERVER + " CN=client,O=Shop -", write(format, secured));
        TcpSession clear = carried();
        clear.end(null, Connections.end());
        assertEquals("- - - -", write(format, clear));
    }

    @Test
    void whatTheProxyEndedSaysWhy() {
        TcpSession idle = carried();
        idle.end(ProxyError.proxy(ErrorCode.STREAM_IDLE_TIMEOUT, ""), Connections.end());
        LogFormat format = LogFormat.text("%RESPONSE_FLAGS% %CONNECTION_TERMINATION_DETAILS%");
        assertEquals("SI tcp_session_idle_timeout", write(format, idle));
        TcpSession old = carried();
        old.end(ProxyError.proxy(ErrorCode.CONNECTION_DURATION, ""), Connections.end());
        assertEquals("DT max_connection_duration_reached", write(format, old));
    }

    @Test
    void jsonHasNumbersAsNumbersAndNullForWhatThereIsNot() {
        TcpSession session = carried();
        session.end(null, Connections.end());
        assertEquals(
                "{\"in\":11,\"code\":0,\"method\":null,\"port\":3306,\"start\":\"1970\"}",
                write(
                                LogFormat.json("{\"in\":\"%BYTES_RECEIVED%\",\"code\":\"%RESPONSE_CODE%\","
                                        + "\"method\":\"%REQ(:METHOD)%\",\"port\":\"%UPSTREAM_REMOTE_PORT%\","
                                        + "\"start\":\"%START_TIME(%Y)%\"}"),
                                session)
                        .replaceAll("\"start\":\"20\\d\\d\"", "\"start\":\"1970\""));
    }
}
