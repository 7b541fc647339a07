package dev.sluice.config.validate.route;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.1: a rule of {@code http} and its parts. */
class HttpRouteRulesTest {
    private static final String TO = "route: [{destination: {host: b}}]\n";

    @ParameterizedTest
    @MethodSource({
        "kinds",
        "delegates",
        "mirrors",
        "redirects",
        "directResponses",
        "retries",
        "rewrites",
        "timeouts",
        "destinations",
        "faults",
        "cors"
    })
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> kinds() {
        return Stream.of(
                http(TO),
                http("redirect: {uri: /x}"),
                http("directResponse: {status: 200}"),
                http("name: x", "IST0106 error name: x§2 | needs one of route, redirect and directResponse"),
                http("route: []", "IST0106 error route | needs one of"),
                http(
                        "redirect: {uri: /x}\n" + TO + "fault: {delay: {percentage: {value: 1}, fixedDelay: 1s}}\n"
                                + "rewrite: {uri: /y}\ndirectResponse: {status: 200}",
                        "IST0106 error route | must not stand beside redirect",
                        "IST0106 error fault | must not stand beside redirect",
                        "IST0106 error rewrite | must not stand beside redirect",
                        "IST0106 error directResponse | must not stand beside redirect"),
                http(
                        "directResponse: {status: 200}\n" + TO + "fault: {delay: {percentage: {value: 1}, fixedDelay:"
                                + " 1s}}\nrewrite: {uri: /y}",
                        "IST0106 error route | must not stand beside directResponse",
                        "IST0106 error fault | must not stand beside directResponse",
                        "IST0106 error rewrite | must not stand beside directResponse"));
    }

    static Stream<Row> delegates() {
        return Stream.of(
                http("delegate: {name: d}"),
                http("delegate: {name: d}\nfault: {delay: {percentage: {value: 1}, fixedDelay: 1s}}\ntimeout: 1s"),
                http("delegate: {name: d}\n" + TO, "IST0106 error route | must not stand beside delegate"),
                http(
                        "delegate: {name: d}\nredirect: {uri: /x}",
                        "IST0106 error redirect | must not stand beside delegate"),
                Row.of(
                        Yaml.spec("VirtualService", "http: [{delegate: {name: d}, route: [{destination: {host: b}}]}]"),
                        "IST0106 error delegate | delegates do not delegate"),
                Row.of(Yaml.spec("VirtualService", "http: [{" + TO.strip() + "}]")));
    }

    static Stream<Row> mirrors() {
        return Stream.of(
                http(TO + "mirror: {host: c}\nmirrorPercentage: {value: 0.5}"),
                http(TO + "mirrors: [{destination: {host: c}, percentage: {value: 100}}, {destination: {host: d}}]"),
                http(
                        TO + "mirror: {host: c}\nmirrors: [{destination: {host: d}}]",
                        "IST0106 error mirrors | exclude one another"),
                http(TO + "mirror: {host: c}\nmirrorPercent: 10", "IST0002 warning mirrorPercent | is deprecated"),
                http(
                        TO + "mirror: {host: c}\nmirror_percent: 101",
                        "IST0002 warning mirror_percent | is deprecated",
                        "IST0106 error 101 | between 0 and 100, not 101"),
                http(TO + "mirror: {host: c}\nmirrorPercentage: {value: 100.5}", "IST0106 error 100.5 | not 100.5"),
                http(TO + "mirror: {host: c}\nmirrorPercentage: {value: -1}", "IST0106 error -1 | not -1"),
                http(TO + "mirror: {host: '*'}", "IST0106 error '*' | must be one host"),
                http(TO + "mirror: {host: c, subset: v_1}", "IST0106 error v_1 | must be letters"),
                http(TO + "mirrors: [{destination: {host: c_d}}]", "IST0106 error c_d | no host name"),
                http(
                        TO + "mirrors: [{destination: {host: c}, percentage: {value: 101}}]",
                        "IST0106 error 101 | between 0 and 100"),
                http(
                        TO + "mirrors: [{percentage: {value: 1}}]",
                        "IST0106 error {percentage | destination: required, but missing"));
    }

    static Stream<Row> redirects() {
        String prefix = "match: [{uri: {prefix: /a}}]\n";
        return Stream.of(
                http("redirect: {authority: c.com}"),
                http("redirect: {port: 8443}"),
                http("redirect: {derivePort: FROM_REQUEST_PORT, redirectCode: 308}"),
                http("redirect: {scheme: https}"),
                http(prefix + "redirect: {prefixRewrite: /b}"),
                http("redirect: {}", "IST0106 error {}\n | changes nothing"),
                http("redirect: {redirectCode: 302}", "IST0106 error {redirectCode | changes nothing"),
                http("redirect: {uri: '', scheme: ''}", "IST0106 error {uri | changes nothing"),
                http(
                        prefix + "redirect: {uri: /x, prefixRewrite: /b}",
                        "IST0106 error prefixRewrite | exclude one another"),
                http(
                        "match: [{uri: {prefix: /a}}, {uri: {exact: /b}}]\nredirect: {prefixRewrite: /c}",
                        "IST0106 error /c | needs matches by uri.prefix only"),
                http("redirect: {uri: /x, redirectCode: 200}", "IST0106 error 200 | must be a 3xx status"),
                http("redirect: {uri: /x, redirectCode: 400}", "IST0106 error 400 | must be a 3xx status"),
                http("redirect: {uri: /x, redirectCode: 304}", "SLC0107 warning 304 | use 301, 302, 303, 307 or 308"),
                http("redirect: {scheme: ftp}", "IST0106 error ftp | must be \"http\" or \"https\""),
                http("redirect: {port: 65536}", "IST0106 error 65536 | between 1 and 65535"));
    }

    static Stream<Row> directResponses() {
        return Stream.of(
                http("directResponse: {status: 503, body: {string: sorry}}"),
                http("directResponse: {status: 200, body: {bytes: c29ycnk=}}"),
                http("directResponse: {status: 600}"),
                http("directResponse: {body: {string: x}}", "IST0106 error {body | status: required, but missing"),
                http("directResponse: {status: 199}", "IST0106 error 199 | between 200 and 599"),
                http("directResponse: {status: 601}", "IST0106 error 601 | between 200 and 599"),
                http(
                        "directResponse: {status: 200, body: {string: " + "é".repeat(52_000) + "}}",
                        "IST0133 warning éé | has 104000 bytes"),
                http("directResponse: {status: 200, body: {string: " + "x".repeat(102_400) + "}}"),
                http(
                        "directResponse: {status: 200, body: {string: " + "x".repeat(1_048_577) + "}}",
                        "IST0106 error xx | at most 1 MiB"),
                http(
                        "directResponse: {status: 200, body: {bytes: " + "AAAA".repeat(350_000) + "}}",
                        "IST0106 error AAAA | at most 1 MiB, not 1050000 bytes"),
                http("directResponse: {status: 200, body: {bytes: " + "AAAA".repeat(34_133) + "AA==}}"),
                http(
                        "directResponse: {status: 200, body: {bytes: " + "AAAA".repeat(349_525) + "AA==}}",
                        "IST0133 warning AAAA | has 1048576 bytes"));
    }

    static Stream<Row> retries() {
        return Stream.of(
                retry("{attempts: 3, perTryTimeout: 2s, backoff: 10ms, retryOn: '5xx,reset,503,unavailable'}"),
                retry("{attempts: 0}"),
                retry("{}"),
                retry("{attempts: 0, retryIgnorePreviousHosts: true}"),
                retry("{attempts: -1}", "IST0106 error -1 | must not be negative"),
                retry("{attempts: 0, perTryTimeout: 1s}", "IST0106 error perTryTimeout | attempts is 0"),
                retry("{retryOn: 5xx}", "IST0106 error retryOn | attempts is 0"),
                retry("{attempts: 0, retryRemoteLocalities: false}", "IST0106 error retryRemote | attempts is 0"),
                retry("{attempts: 1, perTryTimeout: 0s}", "IST0106 error 0s | remove it, and there is no limit"),
                retry("{attempts: 1, perTryTimeout: 1500us}", "IST0106 error 1500us | whole milliseconds"),
                retry("{attempts: 1, backoff: 999us}", "IST0106 error 999us | at least 1ms"),
                retry("{attempts: 1, retryOn: '5xx, reset'}", "IST0106 error '5xx | without spaces around it"),
                retry("{attempts: 1, retryOn: '5xx,'}", "IST0106 error '5xx | \"\" is neither"),
                retry(
                        "{attempts: 1, retryOn: gateway-eror}",
                        "IST0106 error gateway | did you mean \"gateway-error\"?"),
                retry("{attempts: 1, retryOn: '599'}", "IST0106 error '599' | nor an HTTP status"),
                retry(
                        "{attempts: 1, retryOn: 'x,y'}",
                        "IST0106 error 'x,y' | \"x\" is neither",
                        "IST0106 error 'x,y' | \"y\" is neither"));
    }

    static Stream<Row> rewrites() {
        return Stream.of(
                http(TO + "rewrite: {uri: /v1, authority: c.com}"),
                http(TO + "rewrite: {authority: c.com}"),
                http(TO + "rewrite: {uriRegexRewrite: {match: '^/a/(.*)$', rewrite: '/b/\\1'}}"),
                http(TO + "rewrite: {uriRegexRewrite: {match: '(a)', rewrite: '\\0\\1\\\\2'}}"),
                http(
                        TO + "rewrite: {uriRegexRewrite: {match: '(a)', rewrite: '/\\2'}}",
                        "IST0106 error '/\\2' | names group 2, but match has one group"),
                http(
                        TO + "rewrite: {uriRegexRewrite: {match: a, rewrite: '/\\n'}}",
                        "IST0106 error '/\\n' | has a backslash"),
                http(TO + "rewrite: {authority: 'a b'}", "IST0106 error 'a b' | no authority may hold"),
                http(TO + "rewrite: {}", "IST0106 error {}\n | changes nothing"),
                http(TO + "rewrite: {uri: ''}", "IST0106 error {uri | changes nothing"),
                http(
                        TO + "rewrite: {uri: /x, uriRegexRewrite: {match: a, rewrite: b}}",
                        "IST0106 error uriRegexRewrite | exclude one another"),
                http(TO + "rewrite: {uriRegexRewrite: {match: a}}", "IST0106 error {match | needs both"),
                http(TO + "rewrite: {uriRegexRewrite: {match: a, rewrite: ''}}", "IST0106 error {match | needs both"),
                http(TO + "rewrite: {uriRegexRewrite: {rewrite: b}}", "IST0106 error {rewrite | needs both"),
                http(
                        TO + "rewrite: {uriRegexRewrite: {match: '(', rewrite: b}}",
                        "IST0106 error '(' | not RE2 syntax"));
    }

    static Stream<Row> timeouts() {
        return Stream.of(
                http(TO + "timeout: 10s"),
                http(TO + "timeout: 1ms"),
                http(TO + "timeout: 0s", "IST0106 error 0s | not 0s; remove it, and there is no limit"),
                http(TO + "timeout: -1s", "IST0106 error -1s | at least 1ms"),
                http(TO + "timeout: 1.5ms", "IST0106 error 1.5ms | whole milliseconds"),
                http(TO + "timeout: 5", "IST0106 error 5\n | must be a duration"));
    }

    static Stream<Row> destinations() {
        return Stream.of(
                http("route: [{destination: {host: b, subset: v1, port: {number: 80}}, weight: 1}]"),
                http("route: [{destination: {host: b}, weight: 75}, {destination: {host: c}, weight: 25}]"),
                http("route: [{destination: {host: b}, weight: 1}, {destination: {host: c}}]"),
                http("route: [{destination: {host: '*.b.com'}}]"),
                http("route: [{weight: 1}]", "IST0106 error {weight | destination: required"),
                http("route: [{destination: {subset: v1}}]", "IST0106 error {subset | host: required"),
                http("route: [{destination: {host: '*'}}]", "IST0106 error '*' | must be one host, not \"*\""),
                http("route: [{destination: {host: b_c}}]", "IST0106 error b_c | no host name"),
                http("route: [{destination: {host: ''}}]", "IST0106 error ''}} | must not be empty"),
                http("route: [{destination: {host: 10.0.0.1}}]", "IST0106 error 10.0.0.1 | host of a ServiceEntry"),
                http("route: [{destination: {host: b, subset: v.1}}]", "IST0106 error v.1 | must be letters"),
                http("route: [{destination: {host: b, port: {number: 0}}}]", "IST0106 error 0}} | between 1 and 65535"),
                http("route: [{destination: {host: b, port: {}}}]", "IST0106 error {}}} | between 1 and 65535"),
                http(
                        "route: [{destination: {host: b, port: {number: 70000}}}]",
                        "IST0106 error 70000 | between 1 and 65535, not 70000"),
                http(
                        "route: [{destination: {host: b}, weight: -1}, {destination: {host: c}, weight: 2}]",
                        "IST0106 error -1 | must not be negative, but is -1"),
                http(
                        "route: [{destination: {host: b}, weight: 0}, {destination: {host: c}}]",
                        "IST0106 error [{destination | must not sum to 0"),
                http(
                        "route: [{destination: {host: b}, weight: 0}]",
                        "SLC0106 warning 0}] | a single destination takes all traffic"),
                http(
                        "route: [{destination: {host: b}, headers: {request: {remove: [host]}}}]",
                        "IST0106 error host]} | host can only be set or added"));
    }

    static Stream<Row> faults() {
        return Stream.of(
                fault("{delay: {percentage: {value: 0.1}, fixedDelay: 5s}}"),
                fault("{abort: {percentage: {value: 100}, httpStatus: 503}}"),
                fault("{abort: {percentage: {value: 0}, httpStatus: 600}}"),
                fault("{abort: {percentage: {value: 0.0001}, grpcStatus: UNAVAILABLE}}"),
                fault("{}", "IST0106 error {}\n | needs a delay, an abort or both"),
                fault("{delay: {percentage: {value: -1}, fixedDelay: 5s}}", "IST0106 error -1 | not -1"),
                fault("{delay: {percentage: {value: 100.1}, fixedDelay: 5s}}", "IST0106 error 100.1 | not 100.1"),
                fault(
                        "{delay: {percentage: {value: 0.00005}, fixedDelay: 5s}}",
                        "IST0106 error 0.00005 | and 100, not 0.00005"),
                fault("{abort: {percentage: {value: 101}, httpStatus: 500}}", "IST0106 error 101 | not 101"),
                fault("{abort: {percentage: {value: 1}, httpStatus: 199}}", "IST0106 error 199 | between 200 and 599"),
                fault("{abort: {percentage: {value: 1}, httpStatus: 601}}", "IST0106 error 601 | between 200 and 599"),
                fault(
                        "{abort: {percentage: {value: 1}, grpcStatus: UNAVAILABE}}",
                        "IST0106 error UNAVAILABE | did you mean UNAVAILABLE?"),
                fault("{abort: {percentage: {value: 1}, grpcStatus: '14'}}", "IST0106 error '14' | no status of gRPC"),
                fault("{abort: {percentage: {value: 1}, http2Error: X}}", "IST0106 error http2Error | not supported"),
                fault("{abort: {percentage: {value: 1}}}", "IST0133 warning {percentage | aborts nothing"),
                fault("{delay: {percentage: {value: 1}, fixedDelay: 0s}}", "IST0106 error 0s | at least 1ms"),
                fault(
                        "{delay: {percentage: {value: 1}, exponentialDelay: 1s}}",
                        "IST0106 error exponentialDelay | use fixedDelay"),
                fault("{delay: {fixedDelay: 1s}}", "SLC0105 warning {fixedDelay | without a percentage"),
                fault("{delay: {percent: 10, fixedDelay: 1s}}", "IST0002 warning percent | use percentage.value"),
                fault("{delay: {percentage: {value: 1}}}", "SLC0105 warning {percentage | it has no fixedDelay"),
                fault("{abort: {httpStatus: 500}}", "SLC0105 warning {httpStatus | without a percentage"));
    }

    static Stream<Row> cors() {
        return Stream.of(
                cors("{allowOrigins: [{exact: 'https://a.com'}, {prefix: https}, {regex: '.*'}], allowMethods: [GET,"
                        + " '*'], allowHeaders: [x-a, '*'], exposeHeaders: [x-b], maxAge: 24h}"),
                cors("{allowOrigin: [a.com]}", "IST0002 warning allowOrigin | use allowOrigins"),
                cors("{allowOrigins: [{}]}", "IST0106 error {}] | one of exact, prefix and regex"),
                cors("{allowOrigins: [{exact: ''}]}", "IST0106 error {exact | not empty"),
                cors("{allowOrigins: [{regex: '['}]}", "IST0106 error '[' | not RE2 syntax"),
                cors("{allowMethods: [get]}", "IST0106 error get | did you mean GET?"),
                cors("{allowMethods: [PURGE]}", "IST0106 error PURGE | no method"),
                cors("{allowHeaders: ['a b']}", "IST0106 error 'a b' | no name of a header"),
                cors("{exposeHeaders: ['']}", "IST0106 error '' | no name of a header"),
                cors("{maxAge: 0s}", "IST0106 error 0s | at least 1ms"),
                cors("{maxAge: 1500ms}", "IST0106 error 1500ms | must be whole seconds"));
    }

    private static Row http(String rule, String... expected) {
        return Row.of(Yaml.http(rule), expected);
    }

    private static Row retry(String retries, String... expected) {
        return http(TO + "retries: " + retries, expected);
    }

    private static Row fault(String fault, String... expected) {
        return http(TO + "fault: " + fault, expected);
    }

    private static Row cors(String cors, String... expected) {
        return http(TO + "corsPolicy: " + cors, expected);
    }
}
