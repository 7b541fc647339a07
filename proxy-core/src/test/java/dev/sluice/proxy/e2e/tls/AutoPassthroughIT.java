package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mutual TLS between two proxies as in a mesh of several networks: the client's sidecar names a cluster
 * ({@code outbound_.PORT_.SUBSET_.HOST}) and the gateway of the other network goes by that name without opening anything.
 */
class AutoPassthroughIT {
    private static final String SPIFFE = "spiffe://cluster.local/ns/default/sa/app";

    @TempDir
    Path files;

    private Pki pki;
    private MeshUpstream v1;
    private MeshUpstream v2;
    private TestProxy gateway;
    private TestProxy sidecar;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki("mesh");
        Path own = Pki.write(files, "default", pki.issue("spiffe://cluster.local/ns/default/sa/me"));
        Files.writeString(own.resolve("ca.crt"), pki.pem());
        X509Bundle app = pki.issue(SPIFFE);
        v1 = new MeshUpstream("v1", app, pki);
        v2 = new MeshUpstream("v2", app, pki);
        gateway = TestProxy.start(
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: cross-network}
                spec:
                  servers:
                  - port: {number: 15443, name: tls, protocol: TLS}
                    hosts: ["*.local", "*.example"]
                    tls: {mode: AUTO_PASSTHROUGH}
                ---
                """
                        // Nothing of this may be put around what is encrypted already.
                        + service("app.example", "TLS", v1.port(), v2.port())
                                .replace(
                                        "POLICY",
                                        "trafficPolicy: {tls: {mode: SIMPLE, insecureSkipVerify: true},"
                                                + " proxyProtocol: {version: V1}}"));
    }

    @AfterEach
    void stop() throws Exception {
        if (sidecar != null) {
            sidecar.close();
        }
        gateway.close();
        v1.close();
        v2.close();
    }

    private static String service(String host, String protocol, int first, int second) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: app}
                spec:
                  hosts: [%1$s]
                  resolution: STATIC
                  ports: [{number: 443, name: app, protocol: %2$s}]
                  endpoints:
                  - {address: 127.0.0.1, ports: {app: %3$d}, labels: {version: v1}}
                  - {address: 127.0.0.1, ports: {app: %4$d}, labels: {version: v2}}
                """
                        .formatted(host, protocol, first, second)
                + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: app}
                spec:
                  host: HOST
                  POLICY
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                """
                        .replace("HOST", host);
    }

    /** A proxy whose requests all go to the gateway, by mutual TLS. */
    private void client(TlsProvider provider, String subset, String names) throws Exception {
        int port = gateway.address(15443).getPort();
        String address = gateway.address(15443).getAddress().getHostAddress();
        String yaml = service("app.example", "HTTP", port, port)
                        .replace("127.0.0.1", address)
                        .replace("POLICY", "trafficPolicy: {tls: {mode: ISTIO_MUTUAL" + names + "}}")
                + """
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: in}
                spec:
                  servers:
                  - port: {number: 8080, name: http, protocol: HTTP}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: in}
                spec:
                  hosts: ["*"]
                  gateways: [in]
                  http: [{route: [{destination: {host: app.example, subset: SUBSET}}], retries: {attempts: 0}}]
                """
                        .replace("SUBSET", subset);
        sidecar = TestProxy.start(yaml, new TlsRegistry(files, () -> provider));
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(sidecar.url(8080) + "/"))
                                .setHeader("Host", "any.example")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void theSubsetThatTheNameSaysIsReached(TlsProvider provider) throws Exception {
        client(provider, "v2", ", subjectAltNames: [\"" + SPIFFE + "\"]");
        assertEquals("v2", get().body());
        assertEquals(List.of("outbound_.443_.v2_.app.example"), v2.serverNames());
        assertEquals(List.of("CN=of a test"), v2.clients());
        assertEquals(List.of(), v1.serverNames());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void anIdentityThatIsNotListedIsRefusedByTheClient(TlsProvider provider) throws Exception {
        client(provider, "v1", ", subjectAltNames: [\"spiffe://cluster.local/ns/default/sa/other\"]");
        assertEquals(503, get().statusCode());
        assertEquals(1, sidecar.proxy().tls().counters().failures(Side.UPSTREAM, TlsFailure.NAME_MISMATCH));
        assertEquals(List.of(), v1.clients());
    }

    @Test
    void aNameThatIsNoClusterOfTheGatewayIsRefused() throws Exception {
        client(TlsProvider.best(), "v1", ", sni: outbound_.443_.v3_.app.example");
        assertEquals(503, get().statusCode());
        assertTrue(sidecar.proxy().tls().counters().failures(Side.UPSTREAM, TlsFailure.PEER_ALERT) >= 1);
        assertEquals(List.of(), v1.serverNames());
    }
}
