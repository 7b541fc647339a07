package dev.sluice.config.validate.route;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.1: header operations, of the rule and of a destination. */
class HeaderRulesTest {
    @ParameterizedTest
    @MethodSource({"names", "values", "authority"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> names() {
        return Stream.of(
                headers("{request: {set: {x-a: b}, add: {x-c: d}, remove: [x-e]}, response: {set: {x-f: g}}}"),
                headers("{request: {set: {Host: c.com}}}"),
                headers("{request: {add: {':authority': c.com}}}"),
                headers("{request: {set: {Host: a b}}}", "IST0106 error a b | no authority may hold"),
                headers("{request: {set: {'': b}}}", "IST0106 error '' | must not be empty"),
                headers("{request: {remove: ['']}}", "IST0106 error '' | must not be empty"),
                headers("{request: {set: {':path': /b}}}", "IST0106 error ':path' | is a pseudo header"),
                headers("{request: {add: {':x': b}}}", "IST0106 error ':x' | is a pseudo header"),
                headers("{request: {remove: [HOST]}}", "IST0106 error HOST | host can only be set or added"),
                headers("{request: {remove: [':authority']}}", "IST0106 error ':auth | is a pseudo header"),
                headers("{response: {set: {host: b}}}", "IST0106 error host: b}} | only on requests"),
                headers("{response: {add: {':status': '1'}}}", "IST0106 error ':status' | is a pseudo header"),
                headers("{response: {remove: [host]}}", "IST0106 error host]} | only on requests"),
                headers("{request: {set: {\"x\\r\\ny\": b}}}", "IST0106 error \"x\\r | \"x\\u000d\\ny\" is no name"));
    }

    static Stream<Row> values() {
        return Stream.of(
                set("'100%% sure'"),
                set("'%REQ(x-a)% and %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%'"),
                set("\"a\\tb\""),
                set("'%PER_REQUEST_STATE([\"a\", \"b\"])%'"),
                set("'%START_TIME(%Y)%'"),
                set("\"a\\nb\"", "IST0106 error \"a | the control character 10"),
                set("\"a\\0b\"", "IST0106 error \"a | the control character 0"),
                set("\"a\\x7f\"", "IST0106 error \"a | the control character 127"),
                set("'100%'", "IST0106 error '100%' | a percent sign is written %%"),
                set("'a %REQ(x'", "IST0106 error 'a %REQ | has a %"),
                set("'%REQ'", "IST0106 error '%REQ' | has a %"),
                set("'%REQ(a)b%'", "IST0106 error '%REQ | has a %"),
                set("'%X([\"a\" \"b\"])%'", "IST0106 error '%X | has a %"),
                set("'%X([\"a\"]'", "IST0106 error '%X | has a %"),
                set("''", "SLC0106 warning ''}}} | an empty value is passed over"),
                headers("{response: {add: {x-a: '%'}}}", "IST0106 error '%' | has a %"));
    }

    static Stream<Row> authority() {
        String to = "route: [{destination: {host: b}}]\n";
        return Stream.of(
                Row.of(Yaml.http(to + "rewrite: {authority: c.com}")),
                Row.of(
                        Yaml.http(to + "rewrite: {authority: c.com}\nheaders: {request: {set: {HOST: d.com}}}"),
                        "IST0106 error HOST | the authority is already rewritten in line 9"),
                headers(
                        "{request: {set: {host: c.com}, add: {':authority': d.com}}}",
                        "IST0106 error ':authority' | already rewritten"),
                headers(
                        "{request: {set: {host: c.com, ':authority': d.com}}}",
                        "IST0106 error ':authority' | already rewritten"));
    }

    private static Row headers(String headers, String... expected) {
        return Row.of(Yaml.http("headers: " + headers + "\nroute: [{destination: {host: b}}]"), expected);
    }

    private static Row set(String value, String... expected) {
        return headers("{request: {set: {x-a: " + value + "}}}", expected);
    }
}
