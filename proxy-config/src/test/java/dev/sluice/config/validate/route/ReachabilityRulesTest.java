package dev.sluice.config.validate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Validator;
import dev.sluice.config.validate.Yaml;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.1: reachability. */
class ReachabilityRulesTest {
    private static final String TO = "route: [{destination: {host: b}}]";

    @ParameterizedTest
    @MethodSource({"withoutMatch", "duplicates", "prefixes", "catchAll", "streams"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> withoutMatch() {
        return Stream.of(
                rules("match: [{uri: {exact: /a}}]\n" + TO, TO),
                rules(TO, "name: second\n" + TO, "IST0130 warning name: second | only the last rule"),
                rules(
                        TO,
                        "match: [{uri: {exact: /a}}]\n" + TO,
                        "IST0130 warning match | the rule without a match in line 8 takes everything"));
    }

    static Stream<Row> duplicates() {
        return Stream.of(
                rules(
                        "match: [{uri: {exact: /a}}]\n" + TO,
                        "match: [{name: nn, uri: {exact: /a}}, {uri: {exact: /b}}]\n" + TO,
                        "IST0131 info {name: nn | the same match as in line 8"),
                rules(
                        "match: [{uri: {exact: /a}, port: 80}]\n" + TO,
                        "match: [{port: 80, uri: {exact: /a}}]\n" + TO,
                        "IST0130 warning match: [{port | earlier rules have all of its matches",
                        "IST0131 info {port: 80, | the same match"),
                rules("match: [{uri: {exact: /a}}]\n" + TO, "match: [{uri: {exact: /a}, port: 80}]\n" + TO));
    }

    static Stream<Row> prefixes() {
        String a = "match: [{uri: {prefix: /a}}]\n" + TO;
        return Stream.of(
                rules("match: [{uri: {prefix: /ab}}]\n" + TO, a),
                rules(a, "match: [{uri: {prefix: /b}}]\n" + TO),
                rules(a, "match: [{uri: {exact: /ab}}]\n" + TO),
                rules(
                        a,
                        "match: [{uri: {prefix: /ab}}]\n" + TO,
                        "IST0131 info {prefix: /ab} | takes the prefix \"/a\""),
                rules(a, "match: [{uri: {prefix: /ab}, port: 80}]\n" + TO),
                rules(a, "match: [{uri: {prefix: /ab}, method: {exact: POST}}]\n" + TO),
                rules(
                        a,
                        "match: [{uri: {prefix: /ab}, method: {exact: GET}}]\n" + TO,
                        "IST0131 info {prefix: /ab} | takes the prefix"),
                rules(a, "match: [{uri: {prefix: /ab}, headers: {x: {exact: v}}}]\n" + TO),
                rules(
                        "match: [{uri: {prefix: /a}, headers: {x: {exact: vw}}}]\n" + TO,
                        "match: [{uri: {prefix: /ab}, headers: {x: {exact: v}}}]\n" + TO,
                        "IST0131 info {prefix: /ab} | takes the prefix"),
                rules(
                        "match: [{uri: {prefix: /a}, headers: {x: {exact: v}}}]\n" + TO,
                        "match: [{uri: {prefix: /ab}, headers: {z: {exact: v}}}]\n" + TO),
                rules(
                        "match: [{uri: {prefix: /a}, queryParams: {x: {exact: v}}}]\n" + TO,
                        "match: [{uri: {prefix: /ab}, queryParams: {x: {exact: z}}}]\n" + TO),
                rules(
                        "match: [{uri: {prefix: /a}, withoutHeaders: {x: {}}}]\n" + TO,
                        "match: [{uri: {prefix: /ab}, withoutHeaders: {x: {}}}]\n" + TO,
                        "IST0131 info {prefix: /ab} | takes the prefix"),
                rules(
                        "match: [{uri: {prefix: /a}, authority: {exact: c.com}}]\n" + TO,
                        "match: [{uri: {prefix: /ab}, authority: {exact: d.com}}]\n" + TO));
    }

    static Stream<Row> catchAll() {
        String all = "match: [{uri: {prefix: /}}]\n" + TO;
        return Stream.of(
                rules(all, TO, "SLC0104 warning route§2 | the match in line 8 takes every request"),
                rules(all, "match: [{uri: {exact: /a}}]\n" + TO, "SLC0104 warning match§2 | takes every request"),
                rules(all, "match: [{uri: {prefix: /a}}]\n" + TO, "IST0131 info {prefix: /a} | takes the prefix"),
                rules("match: [{uri: {regex: '.*'}}]\n" + TO, TO, "SLC0104 warning route§2 | takes every request"),
                rules("match: [{name: nn}]\n" + TO, TO, "SLC0104 warning route§2 | takes every request"),
                rules("match: [{uri: {prefix: /}, port: 80}]\n" + TO, TO),
                rules("match: [{uri: {prefix: /}, headers: {x: {}}}]\n" + TO, TO),
                rules("match: [{uri: {exact: /a}}, {uri: {prefix: /}}]\n" + TO));
    }

    static Stream<Row> streams() {
        return Stream.of(
                Row.of(
                        Yaml.spec(
                                "VirtualService",
                                "hosts: [a.com]\ntcp: [{" + TO + "}, {match: [{port: 1}], " + TO + "}]"),
                        "IST0130 warning {match | never reached"),
                Row.of(
                        Yaml.spec(
                                "VirtualService",
                                "hosts: [a.com]\ntls: [{match: [{sniHosts: [a.com]}], " + TO
                                        + "}, {match: [{sniHosts: [a.com]}, {sniHosts: [a.com], port: 1}], " + TO
                                        + "}]"),
                        "IST0131 info {sniHosts: [a.com]}§2 | the same match"));
    }

    @Test
    void tenThousandPrefixesInOneVirtualServiceAreLookedUpNotCompared() {
        StringBuilder spec = new StringBuilder("hosts: [a.com]\nhttp:\n");
        for (int i = 0; i < 10_000; i++) {
            spec.append("- match: [{uri: {prefix: /svc-")
                    .append(i)
                    .append("/}}]\n  ")
                    .append(TO)
                    .append('\n');
        }
        ReadObject object =
                Row.read(Yaml.spec("VirtualService", spec.toString())).get(0);
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertEquals(0, Validator.validate(object.object()).size()));
    }

    private static Row rules(String first, String second, String... expected) {
        return Row.of(Yaml.rules(first, second), expected);
    }

    private static Row rules(String only) {
        return Row.of(Yaml.rules(only));
    }
}
