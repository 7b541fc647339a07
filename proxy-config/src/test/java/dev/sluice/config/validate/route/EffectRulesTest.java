package dev.sluice.config.validate.route;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Warnings of Sluice's own: accepted by Istio, without effect. */
class EffectRulesTest {
    private static final String TO = "route: [{destination: {host: b}}]\n";

    @ParameterizedTest
    @MethodSource("rows")
    void warnsOfWhatHasNoEffect(Row row) {
        row.check();
    }

    static Stream<Row> rows() {
        return Stream.of(
                http(TO + "timeout: 10s\nretries: {attempts: 2, perTryTimeout: 2s}"),
                http(
                        TO + "timeout: 2s\nretries: {attempts: 2, perTryTimeout: 2000ms}",
                        "SLC0101 warning 2000ms | 2s is not less than the timeout of all tries together, 2s in line 9"),
                http(
                        TO + "timeout: 2s\nretries: {attempts: 2, perTryTimeout: 3s}",
                        "SLC0101 warning 3s | has no effect"),
                http(TO + "retries: {attempts: 2, perTryTimeout: 3s}"),
                http(
                        "redirect: {uri: /x}\ntimeout: 1s\nretries: {attempts: 1}\ncorsPolicy: {}",
                        "SLC0106 warning timeout | the rule redirects without an upstream",
                        "SLC0106 warning retries | the rule redirects",
                        "SLC0106 warning corsPolicy | the rule redirects"),
                http(
                        "directResponse: {status: 200}\nmirrors: [{destination: {host: c}}]",
                        "SLC0106 warning mirrors | the rule answers without an upstream"),
                http(TO + "mirrorPercentage: {value: 5}", "SLC0106 warning mirrorPercentage | there is no mirror"),
                http(
                        TO + "mirrors: [{destination: {host: c}}]\nmirrorPercentage: {value: 5}",
                        "SLC0106 warning mirrorPercentage | each of mirrors has its own"),
                http(TO + "rewrite: {uri: '/a%20b?x=~'}"),
                http(TO + "rewrite: {uri: v1/}", "SLC0120 warning v1/ | answered 500"),
                http(TO + "rewrite: {uri: v1/}", "SLC0120 warning v1/ | write \"/v1/\""),
                http(TO + "rewrite: {uri: ' '}", "SLC0120 warning ' ' | write \"/\""),
                http(TO + "rewrite: {uri: /a b/é}", "SLC0120 warning /a b | write \"/a%20b/%C3%A9\""),
                http(TO + "rewrite: {uriRegexRewrite: {match: '^/a', rewrite: b}}"),
                http(
                        TO + "rewrite: {uriRegexRewrite: {match: '^/(a)', rewrite: '/\\1 b'}}",
                        "SLC0120 warning '/\\1 b' | write \"/\\\\1%20b\""),
                http(TO + "headers: {request: {set: {x-a: b}, remove: [x-te]}}"),
                http(
                        TO + "headers: {request: {set: {Connection: close}, remove: [x-a, Te]}}",
                        "SLC0106 warning Connection | the proxy writes it itself",
                        "SLC0106 warning Te | it frames a message or belongs to one connection"),
                http(
                        "route: [{destination: {host: b}, headers: {response: {add: {content-length: '1'}}}}]",
                        "SLC0106 warning content-length | the proxy writes it itself"),
                http(
                        "directResponse: {status: 200}\nheaders: {response: {remove: [Transfer-Encoding]}}",
                        "SLC0106 warning Transfer-Encoding | the proxy writes it itself"),
                match("uri: {prefix: /a}\nignoreUriCase: true"),
                match("uri: {regex: /a}\nignoreUriCase: true", "SLC0106 warning ignoreUriCase | (?i)"),
                match("ignoreUriCase: true\nport: 1", "SLC0106 warning ignoreUriCase | the match has no uri"),
                match(
                        "gateways: [mesh]\nsourceNamespace: x\nsourceLabels: {a: b}",
                        "SLC0106 warning sourceNamespace | in a match that names gateways",
                        "SLC0106 warning sourceLabels | in a match that names gateways"),
                match("gateways: [edge]", "SLC0113 warning edge | not bound to \"edge\""),
                Row.of(Yaml.spec(
                        "VirtualService",
                        "hosts: [a.com]\ngateways: [shop/edge]\nhttp: [{match: [{gateways: [edge]}], " + TO.strip()
                                + "}]")));
    }

    private static Row http(String rule, String... expected) {
        return Row.of(Yaml.http(rule), expected);
    }

    private static Row match(String match, String... expected) {
        return Row.of(Yaml.match(match), expected);
    }
}
