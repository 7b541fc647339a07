package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.gateway;
import static dev.sluice.config.validate.cross.Documents.pod;
import static dev.sluice.config.validate.cross.Documents.service;

import dev.sluice.config.validate.Identity;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** IST0101, IST0138, IST0145 and IST0162: Gateways and the workloads that they select. */
class GatewayAnalysisTest {
    @Test
    void gatewaysOfOneWorkloadDoNotShareAHostOnAPort() {
        String one = gateway("one", "app: edge", "hosts: [a.com]");
        check(
                one + gateway("two", "app: edge, tier: x", "hosts: ['*.com']"),
                "IST0145 error a.com | on port 80 is also taken by Gateway shop/two with \"*.com\"",
                "IST0145 error '*.com' | on port 80 is also taken by Gateway shop/one with \"a.com\"");
        check(one + gateway("two", "app: other", "hosts: [a.com]"));
        check(one + gateway("two", "app: edge", "hosts: [b.com]"));
        check(one + gateway("two", "app: edge", "bind: 10.0.0.1, hosts: [a.com]"));
        check(one + gateway("two", "app: edge", "hosts: [a.com]").replace("number: 80", "number: 81"));
        check(gateway("one", "app: edge", "hosts: [x/a.com]") + gateway("two", "app: edge", "hosts: [y/a.com]"));
    }

    @Test
    void aSelectorIsAFindingOnlyWhenLabelsAreGiven() {
        String edge = gateway("edge", "app: edge", "hosts: [a.com]");
        Identity other = new Identity("default", Map.of("app", "x"));
        check(edge);
        check(edge, new Identity("default", Map.of("app", "edge", "v", "1")));
        check(edge + pod("p", "app: edge"), other);
        check(edge, other, "IST0101 error {app | no workload has the labels {app=edge}");
    }

    @Test
    void gatewaysOfOneWorkloadDoNotShareACertificate() {
        String tls = "tls: {mode: SIMPLE, credentialName: cert}, hosts: ";
        check(
                gateway("one", "app: edge", tls + "[a.com]") + gateway("two", "app: edge", tls + "[b.com]"),
                "IST0138 warning cert | \"cert\" is also the certificate of Gateway shop/two",
                "IST0138 warning cert§2 | \"cert\" is also the certificate of Gateway shop/one");
        check(gateway("one", "app: edge", tls + "[a.com]") + gateway("two", "app: other", tls + "[b.com]"));
        String files = "tls: {mode: SIMPLE, serverCertificate: /c.pem, privateKey: /k.pem}, hosts: ";
        check(
                gateway("one", "app: edge", files + "[a.com]") + gateway("two", "app: edge", files + "[b.com]"),
                "IST0138 warning /c.pem | Gateway shop/two",
                "IST0138 warning /c.pem§2 | Gateway shop/one");
        check(gateway("one", "app: edge", files + "[a.com]")
                + gateway("two", "app: edge", files.replace("/k.pem", "/other.pem") + "[b.com]"));
        String several = "tls: {mode: SIMPLE, credentialNames: [rsa, cert]}, hosts: ";
        check(
                gateway("one", "app: edge", tls + "[a.com]") + gateway("two", "app: edge", several + "[b.com]"),
                "IST0138 warning cert | \"cert\" is also the certificate of Gateway shop/two",
                "IST0138 warning cert§2 | \"cert\" is also the certificate of Gateway shop/one");
        String pairs =
                "tls: {mode: SIMPLE, tlsCertificates: [{serverCertificate: /c.pem, privateKey: /k.pem}]}, hosts: ";
        check(
                gateway("one", "app: edge", pairs + "[a.com]") + gateway("two", "app: edge", files + "[b.com]"),
                "IST0138 warning /c.pem | Gateway shop/two",
                "IST0138 warning /c.pem§2 | Gateway shop/one");
    }

    @Test
    void aPortIsOneOfTheServicesOfItsWorkloads() {
        String edge = gateway("gw", "app: edge", "hosts: [a.com]");
        String pod = pod("p", "app: edge");
        check(edge + pod + service("edge", "{name: http, port: 80, targetPort: 8080}"));
        check(edge + pod + service("edge", "{name: http, port: 8080, targetPort: 80}"));
        check(
                edge + pod + service("edge", "{name: http, port: 8080}"),
                "IST0162 warning 80, | no Service of the selected workloads has port 80");
        check(
                edge + pod + service("edge", "{name: http, port: 80, protocol: UDP}, {name: b, port: 8080}"),
                "IST0162 warning 80, | has port 80");
        check(edge + pod + service("other", "{name: http, port: 8080}"));
        check(edge + service("edge", "{name: http, port: 8080}"));
    }
}
