package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.RequestMetrics.Reporter;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Istio's dashboards ask of TCP: istio.io, "Istio Standard Metrics". */
class StreamMetricsTest {
    private static final String OPENED = "istio_tcp_connections_opened_total";
    private static final String CLOSED = "istio_tcp_connections_closed_total";
    private static final String RECEIVED = "istio_tcp_received_bytes_total";
    private static final String SENT = "istio_tcp_sent_bytes_total";

    private final Scrape scrape = new Scrape();
    private final StreamMetrics metrics = new StreamMetrics(
            scrape.registry(), Reporter.SOURCE, WorkloadLabels.of(Map.of("app", "web", "version", "v1"), "shop"));

    @Test
    void bytesAreCountedWhileAConnectionLives() {
        TcpSession session = Connections.connected(metrics, null);
        assertEquals(1, scrape.value(OPENED));
        assertEquals(0, scrape.value(CLOSED));
        session.received(10);
        session.sent(1000);
        session.report();
        assertEquals(10, scrape.value(RECEIVED));
        assertEquals(1000, scrape.value(SENT));
        session.received(5);
        session.end(null, Connections.end());
        assertEquals(15, scrape.value(RECEIVED));
        assertEquals(1000, scrape.value(SENT));
        assertEquals(1, scrape.value(CLOSED));
        assertEquals(1, scrape.value(OPENED));
    }

    @Test
    void everyMetricHasAllOfIstiosLabels() {
        TcpSession session = Connections.connected(metrics, null);
        session.received(1);
        session.end(null, Connections.end());
        for (String name : Set.of(OPENED, CLOSED, RECEIVED, SENT)) {
            Map<String, String> labels = scrape.one(name).labels();
            assertEquals(23, labels.size(), labels.toString());
            assertEquals("tcp", labels.get("request_protocol"));
            assertEquals("-", labels.get("response_flags"));
            assertEquals("source", labels.get("reporter"));
            assertEquals("web", labels.get("source_app"));
            assertEquals("mysql", labels.get("destination_app"));
            assertEquals("v2", labels.get("destination_version"));
            assertEquals("mysql", labels.get("destination_service_name"));
            assertEquals("shop", labels.get("destination_service_namespace"));
            assertEquals("shop", labels.get("destination_workload_namespace"));
        }
    }

    @Test
    void whatWentWrongIsAFlagOfTheClose() {
        TcpSession session = Connections.connected(metrics, null);
        session.end(ProxyError.proxy(ErrorCode.STREAM_IDLE_TIMEOUT, ""), Connections.end());
        Map<String, Double> closed = scrape.all(CLOSED).stream()
                .collect(Collectors.toMap(s -> s.labels().get("response_flags"), Scrape.Sample::value));
        assertEquals(Map.of("-", 0.0, "SI", 1.0), closed);
    }

    @Test
    void aConnectThatFailsIsOpenedAndClosedAtOnce() {
        Connections.routed(metrics).end(ProxyError.notProcessed(ErrorCode.CONNECT_TIMEOUT, ""), Connections.end());
        assertEquals(1, scrape.value(OPENED));
        assertEquals(1, scrape.value(CLOSED));
        assertEquals("UF,URX", scrape.one(OPENED).labels().get("response_flags"));
    }

    @Test
    void allFourSayByWhichPrincipalsItWentOn() {
        TcpSession session = Connections.connected(metrics, AgreedTls.mutual().fromTheOtherSide());
        session.received(1);
        session.end(null, Connections.end());
        for (String name : Set.of(OPENED, CLOSED, RECEIVED, SENT)) {
            Map<String, String> labels = scrape.one(name).labels();
            assertEquals(AgreedTls.CLIENT, labels.get("source_principal"));
            assertEquals(AgreedTls.SERVER, labels.get("destination_principal"));
            assertEquals("unknown", labels.get("connection_security_policy"));
        }
    }

    @Test
    void aConnectionWithoutEndpointIsOpenedAndClosedAtOnce() {
        Connections.accepted(metrics).end(ProxyError.proxy(ErrorCode.NO_ROUTE, ""), Connections.end());
        assertEquals(1, scrape.value(OPENED));
        assertEquals(1, scrape.value(CLOSED));
        assertEquals("NR", scrape.one(CLOSED).labels().get("response_flags"));
        assertEquals("unknown", scrape.one(CLOSED).labels().get("destination_service"));
    }
}
