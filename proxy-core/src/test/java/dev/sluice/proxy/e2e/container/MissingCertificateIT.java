package dev.sluice.proxy.e2e.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.AdminClient;
import dev.sluice.proxy.e2e.fixture.SluiceProcess;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod is whose certificate is not there, or is none, when it starts: ready, and outspoken. */
class MissingCertificateIT {
    private static final int ATTEMPTS = 5;
    private static final int PATIENCE_MILLIS = 120_000;
    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: web}
            spec:
              servers:
              - port: {number: %d, name: https, protocol: HTTPS}
                bind: 127.0.0.1
                hosts: ["*"]
                tls: {mode: SIMPLE, credentialName: shop}
              - port: {number: %d, name: http, protocol: HTTP}
                bind: 127.0.0.1
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web}
            spec:
              hosts: ["*"]
              gateways: [web]
              http: [{directResponse: {status: 200, body: {string: hello}}}]
            """;

    @TempDir
    private Path folder;

    private Path certs;
    private int https;
    private int http;
    private int status;
    private int ready;
    private int metrics;

    @BeforeEach
    void folders() throws IOException {
        certs = Files.createDirectories(folder.resolve("certs"));
    }

    /** Ports must be named, so they are free a moment before: somebody else may take one meanwhile. */
    private SluiceProcess start() throws IOException, InterruptedException {
        Path config = Files.createDirectories(folder.resolve("config"));
        for (int attempt = 1; ; attempt++) {
            freePorts();
            Files.writeString(config.resolve("web.yaml"), GATEWAY.formatted(https, http));
            Map<String, String> mesh = Map.of(
                    "defaultConfig.statusPort", "" + status,
                    "defaultConfig.proxyMetadata.ENVOY_STATUS_PORT", "" + ready,
                    "defaultConfig.proxyMetadata.ENVOY_PROMETHEUS_PORT", "" + metrics);
            SluiceProcess process = SluiceProcess.start(
                    Map.of(
                            "SLUICE_SET",
                            mesh.entrySet().stream().map(Object::toString).collect(Collectors.joining(","))),
                    "run",
                    config.toString(),
                    "--status",
                    "--admin",
                    "off",
                    "--certs",
                    certs.toString());
            if ("ready listeners=2 admin=off".equals(process.line())) {
                return process;
            }
            assertTrue(attempt < ATTEMPTS, () -> told(process));
            process.close();
        }
    }

    private void freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0);
                ServerSocket three = new ServerSocket(0);
                ServerSocket four = new ServerSocket(0);
                ServerSocket five = new ServerSocket(0)) {
            https = one.getLocalPort();
            http = two.getLocalPort();
            status = three.getLocalPort();
            ready = four.getLocalPort();
            metrics = five.getLocalPort();
        }
    }

    private static String told(SluiceProcess process) {
        try {
            return String.join("\n", process.err());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static AdminClient client(int port) {
        return new AdminClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private void write(String certificate, String key) throws IOException {
        Path own = Files.createDirectories(certs.resolve("shop"));
        Files.writeString(own.resolve("tls.key"), key);
        Files.writeString(own.resolve("tls.crt"), certificate);
    }

    /** The status of a request over TLS. */
    private int ask() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), https)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    private void isReadyAndSays(SluiceProcess process, String what) throws Exception {
        AdminClient.Reply told = client(ready).get("/healthz/ready");
        assertEquals("200 LIVE\n", told.status() + " " + told.body());
        assertEquals("hello", client(http).get("/").body(), "the server beside it");
        SSLException refused = assertThrows(SSLException.class, this::ask);
        assertTrue(refused.getMessage().contains("internal_error"), refused.toString());
        String line = "https." + https + ".https.web.default: " + what;
        assertTrue(process.err().stream().anyMatch(said -> said.endsWith(line)), () -> told(process));
        String failures = client(metrics).get("/stats/prometheus").body();
        assertTrue(failures.contains("\nsluice_certificate_load_failures_total 1.0\n"), failures);
    }

    private void isServedOnceItIsThere() throws Exception {
        X509Bundle pair = new CertificateBuilder()
                .ecp256()
                .subject("CN=shop")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        write(pair.getCertificatePathPEM(), pair.getPrivateKeyPEM());
        Awaitility.await().ignoreException(SSLException.class).until(() -> ask() == 200);
    }

    @Test
    void aPodWithoutItsCertificateIsReadyServesTheRestAndSaysWhatToPutWhere() throws Exception {
        try (SluiceProcess process = start()) {
            isReadyAndSays(
                    process,
                    "shop: neither " + certs + "/shop/tls.crt nor a Secret default/shop is there;"
                            + " handshakes are refused until that is mended");
            isServedOnceItIsThere();
        }
    }

    @Test
    void aPodWithABrokenCertificateIsReadyServesTheRestAndSaysWhatIsWrong() throws Exception {
        write("no certificate", "no key");
        try (SluiceProcess process = start()) {
            isReadyAndSays(process, "shop: there is no certificate in it; handshakes are refused until that is mended");
            isServedOnceItIsThere();
        }
    }
}
