package dev.sluice.config.validate.policy;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.2: loadBalancer. */
class LoadBalancerRulesTest {
    private static final String OUTLIER = "outlierDetection: {}, ";

    @ParameterizedTest
    @MethodSource({"hashes", "distribute", "failover", "zoneAware", "warmup"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> hashes() {
        return Stream.of(
                row("{consistentHash: {httpHeaderName: x-user, ringHash: {minimumRingSize: 2048}}}"),
                row(
                        "{consistentHash: {httpCookie: {name: c, ttl: 0s, path: /, attributes: [{name: SameSite, value: Lax},"
                                + " {name: Secure}]}, maglev: {tableSize: 65537}}}"),
                row("{consistentHash: {httpCookie: {name: c}, maglev: {tableSize: 2}}}"),
                row(
                        "{consistentHash: {useSourceIp: true, maglev: {tableSize: 5000009}}}",
                        "IST0106 error 5000009 | which 5000009 is not"),
                row(
                        "{consistentHash: {httpQueryParameterName: q}, simple: RANDOM}",
                        "IST0106 error consistentHash | exclude one another"),
                row("{consistentHash: {httpCookie: {ttl: 1s}}}", "IST0106 error {ttl | name: required"),
                row("{consistentHash: {httpCookie: {name: '', ttl: 1s}}}", "IST0106 error '' | must not be empty"),
                row(
                        "{consistentHash: {httpCookie: {name: c, ttl: 1s, attributes: [{value: a}]}}}",
                        "IST0106 error {value | an attribute needs a name"),
                row(
                        "{consistentHash: {httpCookie: {name: c, ttl: 1s, attributes: [{name: A}, {name: a}]}}}",
                        "IST0106 error a}]}}} | already an attribute"),
                row(
                        "{consistentHash: {httpHeaderName: a, minimumRingSize: 1}}",
                        "IST0002 warning minimumRingSize | is deprecated"),
                row(
                        "{consistentHash: {httpHeaderName: a, minimumRingSize: 1, ringHash: {}}}",
                        "IST0106 error minimumRingSize | excludes ringHash and maglev",
                        "IST0002 warning minimumRingSize | is deprecated"),
                row("{consistentHash: {httpHeaderName: a, minimumRingSize: 0, ringHash: {}}}"),
                row("{consistentHash: {httpHeaderName: a, maglev: {}}}", "IST0106 error {}}} | must be set"),
                row("{consistentHash: {httpHeaderName: a, maglev: {tableSize: 0}}}", "IST0106 error 0}} | must be set"),
                row("{consistentHash: {httpHeaderName: a, maglev: {tableSize: 65536}}}", "IST0106 error 65536 | prime"),
                row(
                        "{consistentHash: {httpHeaderName: a, maglev: {tableSize: 5000011}}}",
                        "IST0106 error 5000011 | less than 5000011"),
                row("{consistentHash: {}}", "SLC0102 warning {}} | nothing to hash"),
                row("{consistentHash: {useSourceIp: false}}", "SLC0102 warning {useSource | nothing to hash"),
                row("{consistentHash: {httpHeaderName: ''}}", "SLC0102 warning {http | nothing to hash"),
                row(
                        "{consistentHash: {httpCookie: {name: c, path: /}}}",
                        "SLC0106 warning path | no cookie is made without a ttl"));
    }

    static Stream<Row> distribute() {
        return Stream.of(
                distribute("[{from: us-west/zone1/*, to: {us-west/zone1/*: 80, us-west/zone2/*: 20}},"
                        + " {from: us-west/zone2/*, to: {us-west/zone1/*: 20, us-west/zone2/*: 80}}]"),
                distribute("[{from: us/west, to: {eu: 100}}, {from: us/*, to: {eu: 100}}, {from: '*', to: {eu: 100}}]"),
                distribute("[{from: a, to: {b: 0, c: 100}}]", "IST0106 error 0, | between 1 and 100, not 0"),
                distribute("[{from: a, to: {b: 101}}]", "IST0106 error 101 | between 1 and 100"),
                distribute("[{from: a, to: {b: 50, c: 49}}]", "IST0106 error {b | must sum to 100, not 99"),
                distribute("[{from: a, to: {}}]", "IST0106 error {}}] | must sum to 100, not 0"),
                distribute("[{from: a, to: {b: 50, b/c: 50}}]", "IST0106 error b/c | overlaps with \"b\""),
                distribute("[{from: a, to: {b: 100}}, {from: a, to: {b: 100}}]", "IST0106 error a, to§2 | overlaps"),
                distribute(
                        "[{from: a/*, to: {b: 100}}, {from: a/b, to: {b: 100}}]", "IST0106 error a/b | with \"a/*\""),
                distribute("[{from: '*', to: {b: 100}}, {from: a, to: {b: 100}}]", "IST0106 error a, | with \"*\""),
                distribute(
                        "[{from: a/b/c, to: {b: 100}}, {from: a/b, to: {b: 100}}]", "IST0106 error a/b,  | overlaps"),
                distribute("[{from: a/b/c, to: {b: 100}}, {from: a, to: {b: 100}}]", "IST0106 error a,  | overlaps"),
                distribute("[{from: a//c, to: {b: 100}}]", "IST0106 error a//c | must not have an empty region"),
                distribute("[{to: {b: 100}}]", "IST0106 error {to | must not have an empty region"),
                distribute("[{from: a/*/c, to: {b: 100}}]", "IST0106 error a/*/c | wildcard at the end"),
                distribute("[{from: a/**, to: {b: 100}}]", "IST0106 error a/** | and one only"),
                Row.of(
                        policy(
                                "localityLbSetting: {distribute: [{from: a, to: {b: 100}}], failover: [{from: a, to: b}]}",
                                OUTLIER),
                        "IST0106 error failover:  | distribute and failover exclude one another"),
                Row.of(
                        policy(
                                "localityLbSetting: {distribute: [{from: a, to: {b: 100}}], failoverPriority: [rack]}",
                                OUTLIER),
                        "SLC0106 warning failoverPriority | has no effect: distribute gives shares"));
    }

    static Stream<Row> failover() {
        return Stream.of(
                Row.of(policy(
                        "localityLbSetting: {failover: [{from: us, to: eu}], failoverPriority: [version]}", OUTLIER)),
                Row.of(policy("localityLbSetting: {failoverPriority: [topology.kubernetes.io/region]}", OUTLIER)),
                Row.of(
                        policy("localityLbSetting: {failover: [{from: us, to: eu}]}", ""),
                        "IST0133 warning failover | needs outlierDetection"),
                Row.of(
                        policy("localityLbSetting: {failoverPriority: [version]}", ""),
                        "IST0133 warning failoverPriority | needs outlierDetection"),
                Row.of(
                        policy(
                                "localityLbSetting: {failover: [{from: us, to: eu}], failoverPriority:"
                                        + " [topology.kubernetes.io/zone]}",
                                OUTLIER),
                        "IST0106 error topology | must not stand beside failover"),
                Row.of(
                        policy("localityLbSetting: {failover: [{from: us, to: us}]}", OUTLIER),
                        "IST0106 error us}] | another region than from"),
                Row.of(
                        policy("localityLbSetting: {failover: [{from: us/a, to: eu}]}", OUTLIER),
                        "IST0106 error us/a | without a zone"),
                Row.of(
                        policy("localityLbSetting: {failover: [{from: us, to: '*'}]}", OUTLIER),
                        "IST0106 error '*' | without a wildcard"));
    }

    static Stream<Row> zoneAware() {
        return Stream.of(
                Row.of(policy("zoneAwareLbSetting: {failover: [{from: us, to: eu}], minClusterSize: 6}", OUTLIER)),
                Row.of(
                        policy("zoneAwareLbSetting: {}, localityLbSetting: {}", OUTLIER),
                        "IST0106 error zoneAware | exclude one another"),
                Row.of(
                        policy("zoneAwareLbSetting: {failoverPriority: [topology.istio.io/subzone]}", OUTLIER),
                        "IST0106 error topology | must not stand here"),
                Row.of(
                        policy("zoneAwareLbSetting: {failover: [{from: us, to: eu}]}", ""),
                        "IST0133 warning failover | needs outlierDetection"),
                Row.of(
                        policy("zoneAwareLbSetting: {failover: [{from: u/s, to: '*'}]}", OUTLIER),
                        "IST0106 error u/s | without a zone",
                        "IST0106 error '*' | without a wildcard"),
                Row.of(
                        policy("zoneAwareLbSetting: {failover: [{from: us, to: us}]}", OUTLIER),
                        "IST0106 error us}] | another region"),
                Row.of(policy("zoneAwareLbSetting: {minClusterSize: 0}", OUTLIER), "IST0106 error 0} | between 1 and"),
                Row.of(
                        policy("zoneAwareLbSetting: {minClusterSize: 4294967296}", OUTLIER),
                        "IST0106 error 4294967296 | between 1 and 4294967295"));
    }

    static Stream<Row> warmup() {
        return Stream.of(
                row("{simple: ROUND_ROBIN, warmup: {duration: 30s, minimumPercent: 0, aggression: 0.5}}"),
                row("{warmup: {duration: 30s}}"),
                row("{warmup: {}}", "IST0106 error {}} | needs a duration"),
                row("{warmup: {duration: 0s}}", "IST0106 error 0s | at least 1ms"),
                row("{warmup: {duration: 1s, minimumPercent: 101}}", "IST0106 error 101 | between 0 and 100"),
                row("{warmup: {duration: 1s, aggression: 0}}", "IST0106 error 0}} | above 0"),
                row("{warmup: {duration: 1s, aggression: -1}}", "IST0106 error -1 | at least 0"),
                row("{simple: RANDOM, warmup: {duration: 1s}}", "SLC0106 warning warmup | only ROUND_ROBIN"),
                row(
                        "{consistentHash: {useSourceIp: true}, warmupDurationSecs: 1s}",
                        "IST0002 warning warmupDurationSecs | use warmup.duration",
                        "SLC0106 warning warmupDurationSecs | only ROUND_ROBIN"),
                row(
                        "{warmupDurationSecs: 0s}",
                        "IST0002 warning warmupDurationSecs | use warmup.duration",
                        "IST0106 error 0s | at least 1ms"),
                row("{simple: LEAST_CONN}", "IST0002 warning LEAST_CONN | use LEAST_REQUEST"));
    }

    private static Row row(String balancer, String... expected) {
        return Row.of(
                Yaml.spec("DestinationRule", "host: b\ntrafficPolicy: {loadBalancer: " + balancer + "}"), expected);
    }

    private static Row distribute(String distribute, String... expected) {
        return row("{localityLbSetting: {distribute: " + distribute + "}}", expected);
    }

    private static String policy(String setting, String before) {
        return Yaml.spec("DestinationRule", "host: b\ntrafficPolicy: {" + before + "loadBalancer: {" + setting + "}}");
    }
}
