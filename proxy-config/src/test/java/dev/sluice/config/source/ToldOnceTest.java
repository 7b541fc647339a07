package dev.sluice.config.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.validate.Validator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One mistake is one finding: a value of the wrong type is not said to be missing or out of range as well. */
class ToldOnceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "VirtualService; hosts: [a.com]; http: [{route: [{destination: {host: b.com, port: {number: \"80\"}}}]}]",
                "VirtualService; hosts: [a.com]; http: [{route: [{destination: null}]}]",
                "VirtualService; hosts: [a.com]; http: [{redirect: {port: \"80\"}}]",
                "VirtualService; hosts: [a.com]; http: [{redirect: {derivePort: nowhere}}]",
                "Gateway; servers: {}",
                "Gateway; servers: [{port: null, hosts: [a.com]}]",
                "DestinationRule; host: a.com; trafficPolicy: {loadBalancer: {consistentHash: {maglev: {tableSize: -1}, useSourceIp: true}}}",
                "DestinationRule; host: a.com; trafficPolicy: {loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {b: \"100\"}}]}}}",
                "WorkloadEntry",
            })
    void aMistakeIsToldOnce(String object) {
        String[] lines = object.split("; ", -1);
        String yaml = "apiVersion: networking.istio.io/v1\nkind: " + lines[0] + "\nmetadata: {name: x}\n"
                + (lines.length == 1 ? "" : "spec:\n");
        for (int i = 1; i < lines.length; i++) {
            yaml += "  " + lines[i] + "\n";
        }
        List<String> told = told(yaml);
        assertEquals(1, told.size(), () -> String.join("\n", told));
    }

    @Test
    void whatSeveralAliasesStandForIsToldAtItsOnePlace() {
        List<String> told = told(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: x}
                spec:
                  hosts: [a.com]
                  http:
                  - match: [{uri: {prefix: /a}}]
                    route: &to [{destination: {host: "*"}}]
                  - match: [{uri: {prefix: /b}}]
                    route: *to
                  - route: *to
                """);
        assertEquals(List.of("x.yaml:8:38 spec.http[0].route[0].destination.host"), told);
    }

    private static List<String> told(String yaml) {
        return LoadedFile.checked(new CrdReader(Set.of()).read("x.yaml", yaml.getBytes(UTF_8)), Validator::validate)
                .findings()
                .stream()
                .map(finding -> finding.at() + " " + finding.path())
                .toList();
    }
}
