package dev.sluice.config.translate.route.delegate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.translate.Configs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchConflictTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uri: {prefix: /a}                 | uri: {prefix: /a/b}               | fits",
                "uri: {prefix: /a}                 | uri: {prefix: /a}                 | fits",
                "uri: {prefix: /a}                 | uri: {exact: /ab}                 | fits",
                "uri: {prefix: /a/b}               | uri: {prefix: /a}                 | conflicts",
                "uri: {prefix: /a}                 | uri: {exact: /b}                  | conflicts",
                "uri: {prefix: /a}                 | uri: {}                           | conflicts",
                "uri: {exact: /a}                  | uri: {exact: /a}                  | fits",
                "uri: {exact: /a}                  | uri: {exact: /b}                  | conflicts",
                "uri: {exact: /a}                  | uri: {prefix: /a}                 | conflicts",
                "uri: {regex: /a.*}                | uri: {exact: /a}                  | conflicts",
                "uri: {exact: /a}                  | uri: {regex: /a.*}                | conflicts",
                "uri: {regex: /a.*}                | headers: {x: {exact: v}}          | fits",
                "uri: {}                           | uri: {prefix: /a}                 | conflicts",
                "name: any                         | uri: {regex: /a.*}                | fits",
                "scheme: {exact: http}             | scheme: {exact: https}            | conflicts",
                "method: {exact: GET}              | method: {exact: PUT}              | conflicts",
                "authority: {prefix: a}            | authority: {exact: a.test}        | fits",
                "headers: {x: {exact: a}}          | headers: {x: {exact: b}}          | conflicts",
                "headers: {x: {exact: a}}          | headers: {y: {exact: b}}          | fits",
                "headers: {x: {exact: a}}          | withoutHeaders: {x: {exact: b}}   | fits",
                "withoutHeaders: {x: {exact: a}}   | withoutHeaders: {x: {exact: b}}   | conflicts",
                "queryParams: {x: {exact: a}}      | queryParams: {x: {prefix: a}}     | conflicts",
                "ignoreUriCase: true               | uri: {exact: /a}                  | conflicts",
                "port: 80                          | port: 81                          | conflicts",
                "port: 80                          | name: any                         | fits",
                "name: any                         | port: 80                          | fits",
                "sourceNamespace: a                | sourceNamespace: b                | conflicts",
                "sourceNamespace: a                | name: any                         | conflicts",
                "name: any                         | sourceNamespace: a                | fits",
                "sourceLabels: {a: b}              | sourceLabels: {a: c}              | conflicts",
                "sourceLabels: {a: b}              | sourceLabels: {c: d}              | fits",
                "gateways: [n/a, n/b]              | gateways: [n/b]                   | fits",
                "gateways: [n/a]                   | gateways: [n/b]                   | conflicts",
                "gateways: [n/a]                   | gateways: [n/a, n/b]              | conflicts",
                "gateways: [n/a]                   | name: any                         | fits",
                "name: any                         | gateways: [n/a]                   | fits",
            })
    void aDelegatesBlockFitsIntoTheRootsOrNot(String root, String leaf, String expected) {
        assertEquals(expected.equals("conflicts"), MatchConflict.between(block(root), block(leaf)));
    }

    private static HttpMatchRequest block(String yaml) {
        return Configs.of(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: v}
                        spec:
                          hosts: [a.test]
                          http: [{match: [{%s}], route: [{destination: {host: b}}]}]
                        """
                                .formatted(yaml))
                .virtualServices()
                .get(0)
                .http()
                .get(0)
                .match()
                .get(0);
    }
}
