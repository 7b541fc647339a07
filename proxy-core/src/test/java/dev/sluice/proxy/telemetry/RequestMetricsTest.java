package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.telemetry.RequestMetrics.Reporter;
import dev.sluice.proxy.telemetry.Scrape.Sample;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Istio's dashboards ask for: istio.io, "Istio Standard Metrics". */
class RequestMetricsTest {
    /** All labels of istio_requests_total; a dashboard that groups by one that is missing shows nothing. */
    private static final Set<String> LABELS = Set.of(
            "reporter",
            "source_workload",
            "source_workload_namespace",
            "source_principal",
            "source_app",
            "source_version",
            "source_cluster",
            "source_canonical_service",
            "source_canonical_revision",
            "destination_workload",
            "destination_workload_namespace",
            "destination_principal",
            "destination_app",
            "destination_version",
            "destination_cluster",
            "destination_canonical_service",
            "destination_canonical_revision",
            "destination_service",
            "destination_service_name",
            "destination_service_namespace",
            "request_protocol",
            "response_code",
            "grpc_response_status",
            "response_flags",
            "connection_security_policy");

    private static final WorkloadLabels PRODUCTPAGE = WorkloadLabels.of(
            Map.of("app", "productpage", "version", "v1", "service.istio.io/workload-name", "productpage-v1"), "shop");

    private final Scrape scrape = new Scrape();
    private final RequestTable table = new RequestTable(scrape.registry());
    private final RequestMetrics metrics = new RequestMetrics(table, scrape.registry(), Reporter.SOURCE, PRODUCTPAGE);
    private final Traffic traffic = new Traffic(metrics);
    private final Destination reviews = Traffic.destination(
            "reviews.books.svc.cluster.local",
            "v1",
            Map.of("app", "reviews", "version", "v1", "service.istio.io/workload-name", "reviews-v1"));

    @Test
    void aRequestIsCountedWithAllLabelsOfIstio() {
        traffic.answer(traffic.start(Traffic.get("/").build()), reviews, 200);
        Sample sample = scrape.one("istio_requests_total");
        assertEquals(1, sample.value());
        assertEquals(LABELS, sample.labels().keySet());
        assertEquals(
                Map.ofEntries(
                        Map.entry("reporter", "source"),
                        Map.entry("source_workload", "productpage-v1"),
                        Map.entry("source_workload_namespace", "shop"),
                        Map.entry("source_principal", "unknown"),
                        Map.entry("source_app", "productpage"),
                        Map.entry("source_version", "v1"),
                        Map.entry("source_cluster", "unknown"),
                        Map.entry("source_canonical_service", "productpage"),
                        Map.entry("source_canonical_revision", "v1"),
                        Map.entry("destination_workload", "reviews-v1"),
                        Map.entry("destination_workload_namespace", "books"),
                        Map.entry("destination_principal", "unknown"),
                        Map.entry("destination_app", "reviews"),
                        Map.entry("destination_version", "v1"),
                        Map.entry("destination_cluster", "unknown"),
                        Map.entry("destination_canonical_service", "reviews"),
                        Map.entry("destination_canonical_revision", "v1"),
                        Map.entry("destination_service", "reviews.books.svc.cluster.local"),
                        Map.entry("destination_service_name", "reviews"),
                        Map.entry("destination_service_namespace", "books"),
                        Map.entry("request_protocol", "http"),
                        Map.entry("response_code", "200"),
                        Map.entry("grpc_response_status", ""),
                        Map.entry("response_flags", "-"),
                        Map.entry("connection_security_policy", "unknown")),
                sample.labels());
    }

    @Test
    void histogramsHaveTheNamesAndBucketsThatDashboardsRead() {
        Exchange exchange = traffic.startWithBody(Traffic.get("/").build());
        exchange.onData(Unpooled.copiedBuffer(new byte[700]), true);
        traffic.answer(exchange, reviews, 200);
        assertEquals(1, scrape.value("istio_request_duration_milliseconds_count"));
        assertTrue(scrape.value("istio_request_duration_milliseconds_sum") >= 0);
        assertEquals(700, scrape.value("istio_request_bytes_sum"));
        assertEquals(1, scrape.value("istio_request_bytes_count"));
        assertEquals(3, scrape.value("istio_response_bytes_sum"));
        assertEquals(1, scrape.value("istio_response_bytes_count"));
        List<Sample> buckets = scrape.all("istio_request_bytes_bucket");
        assertEquals(20, buckets.size());
        for (Sample bucket : buckets) {
            double bound = Double.parseDouble(bucket.labels().get("le").replace("+Inf", "Infinity"));
            assertEquals(bound >= 700 ? 1 : 0, bucket.value(), "le " + bound);
        }
        assertEquals(
                20, scrape.all("istio_request_duration_milliseconds_bucket").size());
        assertEquals(20, scrape.all("istio_response_bytes_bucket").size());
        Set<String> labels = scrape.all("istio_request_duration_milliseconds_bucket")
                .get(0)
                .labels()
                .keySet();
        assertTrue(labels.containsAll(LABELS));
    }

    @Test
    void durationsAreMilliseconds() {
        Exchange exchange = traffic.start(Traffic.get("/").build());
        traffic.answer(exchange, reviews, 200);
        double expected = (exchange.endNanos() - exchange.startedNanos()) / 1e6;
        assertEquals(expected, scrape.value("istio_request_duration_milliseconds_sum"), 1e-6);
    }

    @Test
    void versionsBehindOneServiceAreToldApart() {
        Cluster cluster = Traffic.cluster("reviews.books.svc.cluster.local", null);
        cluster.replaceEndpoints(
                List.of(
                        new EndpointPlan("10.0.0.1", 1, 1, null, Map.of("app", "reviews", "version", "v1")),
                        new EndpointPlan("10.0.0.2", 1, 1, null, Map.of("app", "reviews", "version", "v2"))),
                0);
        Destination both = new Destination(Traffic.plan(cluster.key()), cluster, attempt -> {});
        Exchange first = traffic.start(Traffic.get("/").build());
        traffic.answer(first, both, 200);
        Exchange second = traffic.start(Traffic.get("/").build());
        traffic.choose(second, both);
        traffic.answer(second, both, 200);
        assertEquals(
                Set.of("v1", "v2"),
                Set.copyOf(scrape.all("istio_requests_total").stream()
                        .map(sample -> sample.labels().get("destination_version"))
                        .toList()));
    }

    @Test
    void aNewLabelOfAnEndpointTakesEffectWithTheNextRequest() {
        Cluster cluster = Traffic.cluster("reviews.books.svc.cluster.local", null);
        Destination live = new Destination(Traffic.plan(cluster.key()), cluster, attempt -> {});
        for (String version : List.of("v1", "v2")) {
            cluster.replaceEndpoints(List.of(new EndpointPlan("10.0.0.1", 1, 1, null, Map.of("version", version))), 0);
            traffic.answer(traffic.start(Traffic.get("/").build()), live, 200);
        }
        assertEquals(2, scrape.all("istio_requests_total").size());
    }

    @Test
    void afterAReloadTheSameLabelsGoOnCounting() {
        traffic.answer(traffic.start(Traffic.get("/").build()), reviews, 200);
        metrics.forgetDestinations();
        Destination again = new Destination(reviews.plan(), reviews.cluster(), reviews.attempts());
        traffic.answer(traffic.start(Traffic.get("/").build()), again, 200);
        assertEquals(2, scrape.value("istio_requests_total"));
    }

    @Test
    void whatSluiceAnswersCarriesEnvoysFlags() {
        Exchange exchange = traffic.start(Traffic.get("/").build());
        exchange.noteDelay();
        exchange.noteRetryLimit();
        traffic.choose(exchange, reviews).fail(ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, ""));
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("UC,DI,URX", labels.get("response_flags"));
        assertEquals("503", labels.get("response_code"));
    }

    @Test
    void aRequestWithoutARouteIsOfAnUnknownService() {
        traffic.start(Traffic.get("/").build()).fail(ProxyError.proxy(ErrorCode.NO_ROUTE, ""));
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("unknown", labels.get("destination_service"));
        assertEquals("unknown", labels.get("destination_service_name"));
        assertEquals("NR", labels.get("response_flags"));
    }

    @Test
    void aHostThatRegistryOnlyRefusesIsTheBlackHole() {
        traffic.start(Traffic.get("/").build()).fail(ProxyError.proxy(ErrorCode.BLACK_HOLE, ""));
        assertEquals(
                "BlackHoleCluster", scrape.one("istio_requests_total").labels().get("destination_service_name"));
    }

    @Test
    void aHostOutsideOfKubernetesIsItsOwnServiceName() {
        traffic.answer(
                traffic.start(Traffic.get("/").build()), Traffic.destination("api.example.com", null, Map.of()), 200);
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("api.example.com", labels.get("destination_service"));
        assertEquals("api.example.com", labels.get("destination_service_name"));
        assertEquals("unknown", labels.get("destination_service_namespace"));
        assertEquals("unknown", labels.get("destination_workload_namespace"));
    }

    @Test
    void grpcIsToldByProtocolAndStatus() {
        RequestHead request = RequestHead.builder(
                        HttpVersion.HTTP_2, "POST", "/a.B/C", Traffic.headers("content-type", "application/grpc+proto"))
                .build();
        Attempt attempt = traffic.attempt(traffic.start(request), reviews);
        attempt.onHead(new ResponseHead(200, Traffic.headers(), -1), false);
        attempt.onTrailers(Traffic.headers("grpc-status", "14"));
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("grpc", labels.get("request_protocol"));
        assertEquals("14", labels.get("grpc_response_status"));
        assertEquals("200", labels.get("response_code"));
    }

    /** Dashboards count every call whose status is not 0 as failed. */
    @Test
    void aGrpcCallThatIsCutDoesNotLookLikeOneThatWentWell() {
        RequestHead request = RequestHead.builder(
                        HttpVersion.HTTP_2, "POST", "/a.B/C", Traffic.headers("content-type", "application/grpc"))
                .build();
        Attempt attempt = traffic.attempt(traffic.start(request), reviews);
        attempt.onHead(new ResponseHead(200, Traffic.headers(), -1), false);
        attempt.onReset(ProxyError.upstream(ErrorCode.UPSTREAM_RESET, ""));
        assertEquals("2", scrape.one("istio_requests_total").labels().get("grpc_response_status"));
    }

    @Test
    void theInboundSideReportsAsDestination() {
        RequestMetrics inbound = new RequestMetrics(table, scrape.registry(), Reporter.DESTINATION, PRODUCTPAGE);
        Traffic into = new Traffic(inbound);
        into.answer(
                into.start(Traffic.get("/").build()),
                Traffic.destination("productpage.shop.svc.cluster.local", null, Map.of()),
                200);
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("destination", labels.get("reporter"));
        assertEquals("unknown", labels.get("source_workload"));
        assertEquals("productpage-v1", labels.get("destination_workload"));
        assertEquals("productpage", labels.get("destination_canonical_service"));
        assertEquals("shop", labels.get("destination_workload_namespace"));
        assertEquals("none", labels.get("connection_security_policy"));
    }

    /** E14: an upstream that answers with a thousand statuses must not fill the heap. */
    @Test
    void setsOfLabelsAreBoundedAndWhatIsLeftOutIsCounted() {
        RequestMetrics bounded = new RequestMetrics(table, scrape.registry(), Reporter.SOURCE, PRODUCTPAGE, 20);
        Traffic much = new Traffic(bounded);
        for (int status = 200; status < 300; status++) {
            much.answer(much.start(Traffic.get("/").build()), reviews, status);
            much.answer(much.start(Traffic.get("/").build()), reviews, 200);
        }
        assertEquals(20, scrape.all("istio_requests_total").size());
        assertEquals(80, scrape.value("sluice_metrics_dropped_total"));
        double counted = scrape.all("istio_requests_total").stream()
                .mapToDouble(Sample::value)
                .sum();
        assertEquals(120, counted);
    }

    @Test
    void aDestinationSaysWhoCameByMutualTls() {
        RequestMetrics incoming = new RequestMetrics(table, scrape.registry(), Reporter.DESTINATION, PRODUCTPAGE);
        Traffic arriving = new Traffic(incoming).over(AgreedTls.mutual());
        arriving.answer(arriving.start(Traffic.get("/").build()), reviews, 200);
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("mutual_tls", labels.get("connection_security_policy"));
        assertEquals(AgreedTls.CLIENT, labels.get("source_principal"));
        assertEquals(AgreedTls.SERVER, labels.get("destination_principal"));
    }

    /** And no word of how secure that is, as in Istio. */
    @Test
    void aSourceSaysByWhichPrincipalsItWentOn() {
        Traffic leaving = new Traffic(metrics).onwardsOver(AgreedTls.mutual().fromTheOtherSide());
        leaving.answer(leaving.start(Traffic.get("/").build()), reviews, 200);
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("unknown", labels.get("connection_security_policy"));
        assertEquals(AgreedTls.CLIENT, labels.get("source_principal"));
        assertEquals(AgreedTls.SERVER, labels.get("destination_principal"));
    }

    @Test
    void whoComesToASourceByTlsIsNoPrincipalOfIts() {
        Traffic passing = new Traffic(metrics).over(AgreedTls.mutual());
        passing.answer(passing.start(Traffic.get("/").build()), reviews, 200);
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("unknown", labels.get("source_principal"));
        assertEquals("unknown", labels.get("destination_principal"));
    }

    @Test
    void aServerThatIsNotToldWhoAsksIsNamedAlone() {
        Traffic leaving = new Traffic(metrics).onwardsOver(AgreedTls.simple().fromTheOtherSide());
        leaving.answer(leaving.start(Traffic.get("/").build()), reviews, 200);
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("unknown", labels.get("source_principal"));
        assertEquals(AgreedTls.SERVER, labels.get("destination_principal"));
    }

    @Test
    void aClientThatShowedNoCertificateCameWithoutMutualTls() {
        RequestMetrics incoming = new RequestMetrics(table, scrape.registry(), Reporter.DESTINATION, PRODUCTPAGE);
        Traffic arriving = new Traffic(incoming).over(AgreedTls.simple());
        arriving.answer(arriving.start(Traffic.get("/").build()), reviews, 200);
        Map<String, String> labels = scrape.one("istio_requests_total").labels();
        assertEquals("none", labels.get("connection_security_policy"));
        assertEquals("unknown", labels.get("source_principal"));
    }
}
