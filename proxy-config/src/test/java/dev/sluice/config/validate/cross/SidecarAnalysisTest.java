package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.in;
import static dev.sluice.config.validate.cross.Documents.object;
import static dev.sluice.config.validate.cross.Documents.pod;

import dev.sluice.config.validate.Identity;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** IST0101, IST0110 and IST0111: Sidecars and the workloads that they select. */
class SidecarAnalysisTest {
    private static final String EGRESS = "egress: [{hosts: ['*/*']}]}";
    private static final String ONE = object("Sidecar", "one", "{workloadSelector: {labels: {app: a}}, " + EGRESS);

    @Test
    void aSelectorTakesAWorkloadOfItsNamespace() {
        check(pod("p", "app: a, v: '1'") + ONE);
        check(object("WorkloadEntry", "w", "{address: 10.0.0.1, labels: {app: a}}") + ONE);
        check(ONE, new Identity("shop", Map.of("app", "a")));
        check(ONE, "IST0101 error {labels | no workload of namespace shop has the labels {app=a}");
        check(
                pod("p", "app: a").replace("namespace: shop", "namespace: other") + ONE,
                "IST0101 error {labels: {app | no workload of namespace shop");
    }

    @Test
    void aWorkloadHasOne() {
        String two = object("Sidecar", "two", "{workloadSelector: {labels: {v: x}}, " + EGRESS);
        check(
                pod("p", "app: a, v: x") + ONE + two,
                "IST0110 error {labels: {app | Pod shop/p is also selected by Sidecar shop/two",
                "IST0110 error {labels: {v | Pod shop/p is also selected by Sidecar shop/one");
        check(pod("p", "app: a") + pod("q", "v: x") + ONE + two);
        check(
                object("WorkloadEntry", "w", "{address: 10.0.0.1, labels: {app: a, v: x}}") + ONE + two,
                "IST0110 error {labels: {app | WorkloadEntry shop/w is also selected by Sidecar shop/two",
                "IST0110 error {labels: {v: x}} | WorkloadEntry shop/w is also selected by Sidecar shop/one");
        check(
                ONE + two,
                new Identity("shop", Map.of("app", "a", "v", "x")),
                "IST0110 error {labels: {app | this workload is also selected by Sidecar shop/two",
                "IST0110 error {labels: {v | this workload is also selected by Sidecar shop/one");
    }

    @Test
    void aNamespaceHasOneWithoutSelector() {
        check(
                object("Sidecar", "one", "{" + EGRESS) + object("Sidecar", "two", "{" + EGRESS),
                "IST0111 error {egress | Sidecar shop/two has no workloadSelector either",
                "IST0111 error {egress§2 | Sidecar shop/one has no workloadSelector either");
        check(object("Sidecar", "one", "{" + EGRESS) + in("other", "Sidecar", "two", "{" + EGRESS));
    }
}
