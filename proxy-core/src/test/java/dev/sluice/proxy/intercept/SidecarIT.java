package dev.sluice.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.sluice.proxy.app.Main;
import dev.sluice.proxy.e2e.fixture.SidecarPeer;
import dev.sluice.proxy.e2e.fixture.TestJvm;
import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Interception.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An app that knows nothing of the proxy beside it: namespaces for the app with its proxy, for its upstreams and for the
 * world outside, the product's own rules, and the proxy as the user that they let through.
 */
class SidecarIT {
    private static final List<Family> BOTH = List.of(Family.values());
    private static final String APP = "10.231.0.1";
    private static final String APP_OUTSIDE = "10.232.0.1";
    private static final String V1 = "10.231.0.2";
    private static final String V2 = "10.231.0.3";
    private static final String VIP = "10.96.0.10";

    @TempDir
    private Path folder;

    private NetworkNamespace app;
    private NetworkNamespace upstream;
    private NetworkNamespace outside;

    @BeforeEach
    void namespaces() throws IOException, InterruptedException {
        NetworkNamespace.need("iptables-nft", "ip6tables-nft");
        app = NetworkNamespace.make();
        upstream = NetworkNamespace.make();
        outside = NetworkNamespace.make();
        NetworkNamespace.connect(app, upstream);
        app.address(APP + "/24");
        app.address("fd00:231::1/64");
        for (String address : List.of(V1 + "/24", V2 + "/24", "fd00:231::2/64")) {
            upstream.address(address);
        }
        app.runs("ip", "route", "add", "default", "via", V1);
        app.runs("ip", "link", "add", "eth1", "type", "veth", "peer", "name", "eth0", "netns", outside.name());
        app.runs("ip", "addr", "add", APP_OUTSIDE + "/24", "dev", "eth1");
        app.runs("ip", "link", "set", "eth1", "up");
        outside.runs("ip", "link", "set", "eth0", "up");
        outside.address("10.232.0.2/24");
        // What the init container does besides the rules.
        app.runs("ip", "addr", "add", "::6/128", "dev", "lo");
        Files.writeString(folder.resolve("config.yaml"), YAML);
    }

    @AfterEach
    void remove() throws IOException, InterruptedException {
        for (NetworkNamespace namespace : new NetworkNamespace[] {app, upstream, outside}) {
            if (namespace != null) {
                namespace.remove();
            }
        }
    }

    private static final String YAML =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              addresses: [10.96.0.10]
              ports: [{number: 9080, name: http, protocol: HTTP}, {number: 9090, name: grpc, protocol: GRPC}]
              resolution: STATIC
              endpoints:
              - {address: 10.231.0.2, labels: {version: v1}}
              - {address: 10.231.0.3, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - match: [{port: 9080}]
                route:
                - {destination: {host: reviews, subset: v1}, weight: 90}
                - {destination: {host: reviews, subset: v2}, weight: 10}
              - route: [{destination: {host: reviews, subset: v2}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: mysql}
            spec:
              hosts: [mysql.example]
              addresses: [10.96.0.20]
              ports: [{number: 4000, name: any}]
              resolution: STATIC
              endpoints: [{address: 10.231.0.2}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: bank}
            spec:
              hosts: [bank.example]
              addresses: [10.96.0.30]
              ports: [{number: 443, name: tls, protocol: TLS}]
              resolution: STATIC
              endpoints: [{address: 10.231.0.3}]
            """;

    @Test
    void anAppThatKnowsNothingIsSteered() throws Exception {
        SidecarPeer.keystore(folder.resolve("bank.p12"), "bank.example");
        serveUpstreams();
        serveApp();
        rules(Mode.REDIRECT);
        try (Proxy proxy = new Proxy(List.of())) {
            List<String> told = ask(
                    app,
                    "get",
                    VIP,
                    "9080",
                    "reviews",
                    "200",
                    "h2c",
                    VIP,
                    "9080",
                    "reviews",
                    "grpc",
                    VIP,
                    "9090",
                    "reviews",
                    "greet",
                    "10.96.0.20",
                    "4000",
                    "-",
                    "tls",
                    "10.96.0.30",
                    "443",
                    "bank.example",
                    "get",
                    V2,
                    "9080",
                    "nobody.example",
                    "1",
                    "get",
                    "fd00:231::2",
                    "9080",
                    "nobody.example",
                    "1",
                    "greet",
                    V1,
                    "4000",
                    "-",
                    // What an app says to itself does not leave it.
                    "get",
                    APP,
                    "8080",
                    "itself",
                    "1");
            assertEquals(200, count(told.get(0), "v1 from " + APP) + count(told.get(0), "v2 from " + APP));
            // Five standard deviations around 20.
            assertTrue(count(told.get(0), "v2") > 1 && count(told.get(0), "v2") < 42, told.get(0));
            assertTrue(told.get(1).startsWith(":status=200 x-upstream=v"), told.get(1));
            assertEquals("v2 asks", told.get(2));
            assertEquals("220 mysql, 250 EHLO", told.get(3));
            assertEquals("CN=bank.example tls through", told.get(4));
            assertEquals("{v2 from " + APP + "=1}", told.get(5));
            assertEquals("{six from fd00:231:0:0:0:0:0:1=1}", told.get(6));
            assertEquals("220 mysql, 250 EHLO", told.get(7));
            assertEquals("{app from " + APP + "=1}", told.get(8));
            // The app is reached through the proxy, and the proxy's own ports are its own.
            told = ask(
                    outside,
                    "get",
                    APP_OUTSIDE,
                    "8080",
                    "app",
                    "3",
                    "greet",
                    APP_OUTSIDE,
                    "4001",
                    "-",
                    "get",
                    APP_OUTSIDE,
                    "15001",
                    "app",
                    "1",
                    "get",
                    APP_OUTSIDE,
                    "15006",
                    "app",
                    "1");
            assertEquals("{app from 127.0.0.6=3}", told.get(0));
            assertEquals("220 app, 250 EHLO", told.get(1));
            assertEquals(
                    List.of("{ =1}", "{ =1}"),
                    told.subList(2, 4).stream().map(SidecarIT::closed).toList());
            assertEquals(
                    0,
                    outside.as(0, "bash", "-c", http(APP_OUTSIDE, 15021, "GET", "/healthz/ready", " 200 "))
                            .exit());
            assertEquals(
                    0,
                    outside.as(0, "bash", "-c", http(APP_OUTSIDE, 15020, "POST", "/quitquitquit", " 403 "))
                            .exit());
            assertEquals(
                    0,
                    outside.as(0, "bash", "-c", http(APP_OUTSIDE, 15020, "POST", "/drain", " 403 "))
                            .exit());
            proxy.survivesBeingKilled();
            // A Job's way to end it.
            assertEquals(
                    0,
                    app.as(0, "bash", "-c", http("127.0.0.1", 15020, "POST", "/quitquitquit", " 200 "))
                            .exit());
            assertEquals(0, proxy.process.waitFor());
        }
    }

    @Test
    void aTransparentProxyTakesWhatIsSentToTheAppInItsClientsName() throws Exception {
        serveUpstreams();
        serveApp();
        app.runs("ip", "addr", "add", "fd00:232::1/64", "dev", "eth1", "nodad");
        outside.address("fd00:232::2/64");
        serve(app, List.of("http", "six", "fd00:232::1", "8082"));
        Files.writeString(
                folder.resolve("sidecar.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: app}
                spec:
                  ingress:
                  - port: {number: 8090, name: http, protocol: HTTP}
                    defaultEndpoint: 127.0.0.1:8080
                """);
        rules(Mode.TPROXY);
        try (Proxy proxy = new Proxy(List.of("--set", "defaultConfig.interceptionMode=TPROXY"))) {
            assertTrue(proxy.process.isAlive());
            List<String> told = ask(outside, "get", APP_OUTSIDE, "8080", "app", "3", "greet", APP_OUTSIDE, "4001", "-");
            assertEquals("{app from 10.232.0.2=3}", told.get(0));
            assertEquals("220 app, 250 EHLO", told.get(1));
            told = ask(outside, "get", APP_OUTSIDE, "8090", "app", "3", "get", "fd00:232::1", "8082", "six", "3");
            assertEquals("{app from 127.0.0.1=3}", told.get(0), "loopback has no way back to a stranger");
            assertEquals("{six from fd00:232:0:0:0:0:0:2=3}", told.get(1));
            told = ask(app, "get", VIP, "9080", "reviews", "10", "get", APP, "8080", "itself", "1");
            assertEquals(10, count(told.get(0), "v1") + count(told.get(0), "v2"));
            assertEquals("{app from", told.get(1).substring(0, 9));
        }
    }

    @Test
    void withoutTheCapabilityATransparentProxySaysWhatItLacks() throws Exception {
        List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set", "-net_admin,-net_raw"));
        command.addAll(TestJvm.command(Main.class, "run", "--intercept", folder.toString()));
        command.addAll(List.of("--set", "defaultConfig.interceptionMode=TPROXY"));
        NetworkNamespace.Ended ended = app.as(0, command.toArray(String[]::new));
        assertEquals(3, ended.exit(), ended.output());
        assertTrue(
                ended.output()
                        .contains("sluice: cannot bind 0.0.0.0:15006: interceptionMode TPROXY takes CAP_NET_ADMIN:"
                                + " Operation not permitted"),
                ended.output());
    }

    private static String closed(String told) {
        return told.equals("{closed=1}") ? "{ =1}" : told;
    }

    /** A line of bash that succeeds when the answer's first line holds {@code wanted}. */
    private static String http(String host, int port, String method, String path, String wanted) {
        return "exec 3<>/dev/tcp/" + host + "/" + port + "; printf '" + method + " " + path
                + " HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 0\\r\\n\\r\\n' >&3; read -r line <&3; [[ $line == *'"
                + wanted
                + "'* ]]";
    }

    private static int count(String told, String name) {
        Matcher matcher =
                Pattern.compile(Pattern.quote(name) + "[^=]*=([0-9]+)").matcher(told);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private void rules(Mode mode) throws InterceptionException {
        new Interceptor(app.commands()).apply(Interceptions.everything(mode), BOTH, BackendChoice.IPTABLES_NFT);
    }

    private void serveUpstreams() throws IOException {
        List<String> servers = new ArrayList<>(List.of(
                "http", "v1", V1, "9080", "http", "v2", V2, "9080", "grpc", "v2", V2, "9090", "greet", "mysql", V1,
                "4000"));
        servers.addAll(List.of("http", "six", "fd00:231::2", "9080"));
        if (Files.exists(folder.resolve("bank.p12"))) {
            servers.addAll(List.of("tls", folder.resolve("bank.p12").toString(), V2, "443"));
        }
        serve(upstream, servers);
    }

    private void serveApp() throws IOException {
        serve(app, List.of("http", "app", "0.0.0.0", "8080", "greet", "app", "0.0.0.0", "4001"));
    }

    private static void serve(NetworkNamespace in, List<String> servers) throws IOException {
        List<String> command = TestJvm.command(SidecarPeer.class, "serve");
        command.addAll(servers);
        awaitLine(in.start(command), "serving");
    }

    private static List<String> ask(NetworkNamespace from, String... words) throws IOException, InterruptedException {
        List<String> command = TestJvm.command(SidecarPeer.class, "ask");
        command.addAll(List.of(words));
        return from.runs(command.toArray(String[]::new)).lines().toList();
    }

    private static BufferedReader awaitLine(Process process, String beginning) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        assertTrue(line != null && line.startsWith(beginning), () -> "it said " + line);
        return out;
    }

    /** The proxy, as the user that the rules let through. */
    private final class Proxy implements AutoCloseable {
        private final List<String> command = new ArrayList<>();
        private Process process;

        Proxy(List<String> options) throws IOException {
            // It may read the build's folders, which are the builder's own; and have transparent sockets.
            String capabilities = "+dac_override,+net_admin";
            command.addAll(List.of("setpriv", "--reuid", "1337", "--regid", "1337", "--clear-groups"));
            command.addAll(List.of("--inh-caps", capabilities, "--ambient-caps", capabilities));
            command.addAll(TestJvm.command(Main.class, "run", "--intercept", "--drain", "1", folder.toString()));
            command.addAll(options);
            this.process = start();
        }

        private Process start() throws IOException {
            Process started = app.start(command);
            awaitLine(started, "ready listeners=2");
            return started;
        }

        /** What it held is lost with it; all that comes after its return is served. */
        void survivesBeingKilled() throws IOException, InterruptedException {
            process.destroyForcibly().waitFor();
            assertEquals(
                    "{closed=1}", ask(app, "get", VIP, "9080", "reviews", "1").get(0));
            process = start();
            String told = ask(app, "get", VIP, "9080", "reviews", "20").get(0);
            assertEquals(20, count(told, "v1") + count(told, "v2"), told);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
