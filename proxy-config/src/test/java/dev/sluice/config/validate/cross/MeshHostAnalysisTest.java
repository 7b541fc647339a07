package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.answer;
import static dev.sluice.config.validate.cross.Documents.check;

import org.junit.jupiter.api.Test;

/** IST0109: hosts of the mesh that two VirtualServices claim. */
class MeshHostAnalysisTest {
    @Test
    void twoVirtualServicesCannotClaimOneHostWhereBothAreSeen() {
        check(
                answer("one", "[a.com]") + answer("two", "[a.com]"),
                "IST0109 error a.com | shop/one, shop/two",
                "IST0109 error a.com§2 | shop/one takes it");
        check(
                answer("one", "[a.com]") + answer("two", "[a.com], exportTo: [.]"),
                "IST0109 error a.com | shop/two takes it in namespace \"shop\"",
                "IST0109 error a.com§2 | shop/two takes it in namespace \"shop\"");
    }

    @Test
    void aShortNameAndItsFullNameAreOneHost() {
        check(
                answer("one", "[a]") + answer("two", "[a.shop.svc.cluster.local]"),
                "IST0109 error a], | \"a.shop.svc.cluster.local\" is claimed",
                "IST0109 error a.shop | \"a.shop.svc.cluster.local\" is claimed");
        check(answer("one", "[a]") + answer("two", "[a]").replace("namespace: shop", "namespace: other"));
    }

    @Test
    void whoAreNotSeenTogetherDoNotConflict() {
        check(answer("one", "[a.com], exportTo: [elsewhere]") + answer("two", "[a.com], exportTo: [.]"));
    }

    @Test
    void aGatewaysHostIsNoneOfTheMesh() {
        String edge = Documents.gateway("edge", "app: edge", "hosts: ['*']");
        check(edge + answer("one", "[a.com], gateways: [edge]") + answer("two", "[a.com]"));
        check(
                edge + answer("one", "[a.com], gateways: [edge, mesh]") + answer("two", "[a.com]"),
                "IST0109 error a.com | shop/one",
                "IST0109 error a.com§2 | shop/one takes it");
    }

    /** Istio's analyzer reports the second, of which each nevertheless has its own. */
    @Test
    void aWildcardBesideANameIsNoConflict() {
        check(answer("one", "['*.a.com']") + answer("two", "[b.a.com]"));
        check(answer("one", "['*.a.com']") + answer("two", "['*.b.a.com'], exportTo: [.]"));
    }
}
