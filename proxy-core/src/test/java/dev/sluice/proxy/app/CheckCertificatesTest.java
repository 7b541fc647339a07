package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} says of certificates: how long they are good for, and which are not. */
class CheckCertificatesTest {
    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: web}
            spec:
              servers:
              - port: {number: 8443, name: https, protocol: HTTPS}
                hosts: ["*"]
                tls: {mode: MODE, credentialName: shop}
            """;

    private static final String UPSTREAM =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: NAME}
            spec: {hosts: [NAME.example], resolution: DNS, ports: [{number: 443, name: http, protocol: HTTP}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: NAME}
            spec:
              host: NAME.example
              trafficPolicy:
                connectionPool: {http: {maxRetries: 1}}
                tls: {mode: MUTUAL, credentialName: shop}
            """;

    @TempDir
    private Path folder;

    private Path certs;
    private Path config;

    private record Checked(int exit, List<String> lines) {}

    @BeforeEach
    void folders() throws Exception {
        certs = Files.createDirectories(folder.resolve("certs"));
        config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("gateway.yaml"), GATEWAY.replace("MODE", "SIMPLE"));
    }

    private Checked check(String... options) {
        String[] arguments = new String[2 + options.length];
        arguments[0] = "check";
        arguments[1] = config.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        StringWriter out = new StringWriter();
        int exit = Commands.line().setOut(new PrintWriter(out)).execute(arguments);
        return new Checked(exit, out.toString().lines().toList());
    }

    private static X509Bundle pair(Duration begin, Duration end) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=shop")
                .setIsCertificateAuthority(true)
                .notBefore(Instant.now().plus(begin))
                .notAfter(Instant.now().plus(end))
                .buildSelfSigned();
    }

    private void write(String name, X509Bundle pair) throws Exception {
        Path own = Files.createDirectories(certs.resolve(name));
        Files.writeString(own.resolve("tls.crt"), pair.getCertificatePathPEM());
        Files.writeString(own.resolve("tls.key"), pair.getPrivateKeyPEM());
    }

    private Checked checkWith(Duration begin, Duration end) throws Exception {
        write("shop", pair(begin, end));
        return check("--certs", certs.toString());
    }

    @Test
    void oneThatIsGoodForLongIsNotWorthALine() throws Exception {
        assertEquals(new Checked(0, List.of()), checkWith(Duration.ofDays(-1), Duration.ofDays(31)));
    }

    @Test
    void oneThatEndsSoonIsAWarningWithTheDaysThatAreLeft() throws Exception {
        Checked checked = checkWith(Duration.ofDays(-1), Duration.ofDays(12).plusHours(1));
        assertEquals(0, checked.exit());
        assertEquals(1, checked.lines().size(), checked.toString());
        String line = checked.lines().get(0);
        assertTrue(line.startsWith(config.resolve("gateway.yaml") + ":8:10: warning SLC0118 shop: "), line);
        assertTrue(line.contains("the certificate of CN=shop expires in 12 days, on "), line);
    }

    @Test
    void oneThatIsPastItsTimeIsAnError() throws Exception {
        Checked checked = checkWith(Duration.ofDays(-30), Duration.ofDays(-3).minusHours(1));
        assertEquals(1, checked.exit());
        assertTrue(
                checked.lines().get(0).contains(": error SLC0117 shop: the certificate of CN=shop expired 3 days ago"),
                checked.toString());
    }

    @Test
    void oneThatIsNotValidYetIsAnError() throws Exception {
        Checked checked = checkWith(Duration.ofDays(2), Duration.ofDays(90));
        assertEquals(1, checked.exit());
        assertTrue(checked.lines().get(0).contains("is not valid before "), checked.toString());
    }

    @Test
    void aKeyOfAnotherCertificateIsAnErrorThatQuotesNoKey() throws Exception {
        write("shop", pair(Duration.ofDays(-1), Duration.ofDays(90)));
        X509Bundle other = pair(Duration.ofDays(-1), Duration.ofDays(90));
        Files.writeString(certs.resolve("shop/tls.key"), other.getPrivateKeyPEM());
        Checked checked = check("--certs", certs.toString());
        assertEquals(1, checked.exit());
        String line = checked.lines().get(0);
        assertTrue(line.contains("error SLC0117 shop: the private key is not that of the certificate CN=shop"), line);
        for (String part : other.getPrivateKeyPEM().split("\n", -1)) {
            assertTrue(part.length() < 10 || !line.contains(part), line);
        }
    }

    @Test
    void anAuthorityOfClientsCountsToo() throws Exception {
        Files.writeString(config.resolve("gateway.yaml"), GATEWAY.replace("MODE", "MUTUAL"));
        write("shop", pair(Duration.ofDays(-1), Duration.ofDays(90)));
        assertTrue(check("--certs", certs.toString()).lines().get(0).contains("ca.crt"));
        Files.writeString(
                certs.resolve("shop/ca.crt"),
                pair(Duration.ofDays(-9), Duration.ofDays(-1)).getCertificatePEM());
        Checked checked = check("--certs", certs.toString());
        assertEquals(1, checked.exit());
        assertTrue(
                checked.lines().get(0).contains("SLC0117 shop: the certificate of CN=shop expired "),
                checked.toString());
    }

    @Test
    void aSecretAmongTheConfigurationIsLookedAt() throws Exception {
        X509Bundle pair = pair(Duration.ofDays(-30), Duration.ofDays(-1));
        Base64.Encoder base64 = Base64.getEncoder();
        Files.writeString(
                config.resolve("secret.yaml"),
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: shop}
                data:
                  tls.crt: %s
                  tls.key: %s
                """
                        .formatted(
                                base64.encodeToString(
                                        pair.getCertificatePathPEM().getBytes(StandardCharsets.US_ASCII)),
                                base64.encodeToString(pair.getPrivateKeyPEM().getBytes(StandardCharsets.US_ASCII))));
        Checked checked = check();
        assertEquals(1, checked.exit());
        assertTrue(checked.lines().get(0).contains("error SLC0117 shop: "), checked.toString());
    }

    @Test
    void ofWhatIsNotHereItIsSaidThatNobodyLookedAndHowTo() {
        assertEquals(
                new Checked(
                        0,
                        List.of(config.resolve("gateway.yaml")
                                + ":8:10: info SLC0119 shop: not looked at, for no Secret default/shop is among the"
                                + " files; name the folder that has shop/ with tls.crt and tls.key by --certs")),
                check());
    }

    @Test
    void whatIsMissingFromTheFolderThatIsGivenIsAWarning() {
        assertEquals(
                new Checked(
                        0,
                        List.of(config.resolve("gateway.yaml")
                                + ":8:10: warning SLC0119 shop: neither a folder shop in --certs nor a Secret"
                                + " default/shop is there; TLS with it fails until one is")),
                check("--certs", certs.toString()));
    }

    @Test
    void aPairAndItsAuthoritiesThatAreNotHereAreOneLine() throws Exception {
        Files.writeString(config.resolve("gateway.yaml"), GATEWAY.replace("MODE", "MUTUAL"));
        assertEquals(1, check().lines().size());
    }

    @Test
    void filesThatAreNotHereAreNamed() throws Exception {
        String files = "serverCertificate: /none/tls.crt, privateKey: /none/tls.key, caCertificates: /none/ca.crt";
        Files.writeString(
                config.resolve("gateway.yaml"),
                GATEWAY.replace("MODE", "MUTUAL").replace("credentialName: shop", files));
        String at = config.resolve("gateway.yaml") + ":8:10: info SLC0119 ";
        String why = ": not looked at, for there is no such file here; check where the proxy runs";
        assertEquals(new Checked(0, List.of(at + "/none/ca.crt" + why, at + "/none/tls.crt" + why)), check());
    }

    @Test
    void anUpstreamsAreToldWhereItsRuleNamesThem() throws Exception {
        Path file = config.resolve("gateway.yaml");
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Service
                metadata: {name: db}
                spec: {ports: [{name: http, port: 80}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: db}
                spec:
                  host: db
                  trafficPolicy:
                    tls: {mode: SIMPLE, caCertificates: /none/ca.crt}
                """);
        assertTrue(check().lines().get(0).startsWith(file + ":12:10: info SLC0119 /none/ca.crt: "));
        String json = String.join("", check("--format", "json").lines()).replace(" ", "");
        assertTrue(json.contains("\"kind\":\"DestinationRule\",\"namespace\":\"default\",\"name\":\"db\""), json);
    }

    @Test
    void ofAnUpstreamThePlaceIsTheTlsOfTheRuleThatNamesItTheFirstOfSeveral() throws Exception {
        Files.delete(config.resolve("gateway.yaml"));
        for (String name : List.of("bank", "audit", "cards")) {
            Files.writeString(config.resolve(name + ".yaml"), UPSTREAM.replace("NAME", name));
        }
        List<String> told = check("--certs", certs.toString()).lines().stream()
                .filter(line -> line.contains("SLC0119"))
                .toList();
        assertEquals(1, told.size(), told.toString());
        String first = config.resolve("audit.yaml") + ":13:10: warning SLC0119 shop: ";
        assertTrue(told.get(0).startsWith(first), told.get(0));
    }

    @Test
    void aFolderThatIsNotThereIsAMistake() {
        assertEquals(1, check("--certs", certs.resolve("none").toString()).exit());
    }
}
