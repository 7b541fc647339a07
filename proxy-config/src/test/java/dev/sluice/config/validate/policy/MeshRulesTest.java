package dev.sluice.config.validate.policy;

import dev.sluice.config.validate.Row;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Istio's validation of MeshConfig refuses of the settings that are served. */
class MeshRulesTest {
    @ParameterizedTest
    @MethodSource("settings")
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> settings() {
        return Stream.of(
                row("{connectTimeout: 1h, protocolDetectionTimeout: 0s}"),
                row("{protocolDetectionTimeout: 5s, localityLbSetting: {failover: [{from: a, to: b}]}}"),
                row("{connectTimeout: 0s}", "IST0106 error 0s | meshConfig.connectTimeout: must be at least 1ms"),
                row("{connectTimeout: 2h}", "IST0106 error 2h | must be at most 1h, not 7200s"),
                row("{protocolDetectionTimeout: 1500us}", "IST0106 error 1500us | whole milliseconds"),
                row(
                        "{localityLbSetting: {distribute: [{from: a, to: {b: 50}}]}}",
                        "IST0106 error {b | the weights must sum to 100, not 50"),
                row(
                        "{localityLbSetting: {failover: [{from: a/b, to: c}]}}",
                        "IST0106 error a/b | must be a region, without a zone"));
    }

    private static Row row(String config, String... expected) {
        return Row.of(
                "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: x}\nspec:\n  meshConfig: "
                        + config + "\n",
                expected);
    }
}
