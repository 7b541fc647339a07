package dev.sluice.config.validate.route;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.1: match blocks. */
class MatchRulesTest {
    @ParameterizedTest
    @MethodSource({"names", "strings", "regexes", "others"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> names() {
        return Stream.of(
                match("headers: {x-a: {exact: b}, ':method': {exact: GET}, ':path': {prefix: /}, X_c.d: {}}"),
                match("withoutHeaders: {x-a: {exact: b}, ':authority': {}}"),
                match("queryParams: {'a b': {exact: c}}"),
                match("headers: {'': {exact: b}}", "IST0106 error '' | must not be empty"),
                match("headers: {'x a': {exact: b}}", "IST0106 error 'x a' | no name of a header"),
                match("headers: {':bogus': {exact: b}}", "IST0106 error ':bogus' | no name of a header"),
                match("withoutHeaders: {'x:': {exact: b}}", "IST0106 error 'x:' | no name of a header"),
                match("headers: {x-a: null}", "IST0106 error null | must be an object, not null; an empty one is {}"));
    }

    static Stream<Row> strings() {
        return Stream.of(
                match("uri: {prefix: ''}"),
                match("headers: {x-a: {prefix: ''}}", "IST0106 error '' | must not be empty"),
                match("withoutHeaders: {x-a: {prefix: ''}}", "IST0106 error '' | must not be empty"),
                match("queryParams: {a: {prefix: ''}}", "IST0106 error '' | must not be empty"),
                match("scheme: {prefix: ''}", "IST0106 error '' | must not be empty"),
                match("method: {prefix: ''}", "IST0106 error '' | must not be empty"),
                match("authority: {prefix: ''}", "IST0106 error '' | must not be empty"),
                match("uri: {exact: /a, prefix: /b}", "IST0106 error prefix | exclude one another"),
                match("uri: {exact: ''}"),
                match("queryParams: {a: {exact: ''}}"));
    }

    static Stream<Row> regexes() {
        return Stream.of(
                match("uri: {regex: '/a/[0-9]{1,8}(/.*)?'}"),
                match("uri: {regex: '" + "a".repeat(1024) + "'}"),
                match("uri: {regex: '" + "a".repeat(1025) + "'}", "IST0106 error 'aaa | at most 1024 characters"),
                match("uri: {regex: ''}", "IST0106 error '' | must not be empty"),
                match("uri: {regex: '(a'}", "IST0106 error '(a' | missing closing )"),
                match("uri: {regex: '(?=a)b'}", "IST0106 error '(?=a)b' | not RE2 syntax"),
                match("uri: {regex: 'a(b)\\1'}", "IST0106 error 'a(b) | not RE2 syntax"),
                match("uri: {regex: '((a{1000}){1000}){1000}'}", "IST0106 error '((a | is too large"),
                match("scheme: {regex: '['}", "IST0106 error '[' | not RE2 syntax"),
                match("method: {regex: '['}", "IST0106 error '[' | not RE2 syntax"),
                match("authority: {regex: '['}", "IST0106 error '[' | not RE2 syntax"),
                match("headers: {x-a: {regex: '*'}}", "IST0106 error '*' | not RE2 syntax"),
                match("queryParams: {a: {regex: '*'}}", "IST0106 error '*' | not RE2 syntax"),
                match("withoutHeaders: {x-a: {regex: '*'}}"),
                match("withoutHeaders: {x-a: {regex: '['}}", "IST0106 error '[' | not RE2 syntax"));
    }

    static Stream<Row> others() {
        return Stream.of(
                match("port: 8080"),
                match("port: 0"),
                match("port: 65536", "IST0106 error 65536 | between 1 and 65535"),
                match("sourceLabels: {app: x, example.com/a_b.c: ''}"),
                match("sourceLabels: {'a b': x}", "IST0106 error 'a b' | no label"),
                match("sourceLabels: {app: 'x y'}", "IST0106 error 'x y' | no value of a label"),
                match("sourceNamespace: other"),
                match("sourceNamespace: a_b", "IST0106 error a_b | must be letters"),
                match("gateways: [mesh]"),
                match("gateways: [a_b]", "IST0106 error a_b | no host name", "SLC0113 warning a_b | not bound to"));
    }

    private static Row match(String match, String... expected) {
        return Row.of(Yaml.match(match), expected);
    }
}
