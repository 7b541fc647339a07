package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.REVIEWS;
import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.gateway;
import static dev.sluice.config.validate.cross.Documents.object;
import static dev.sluice.config.validate.cross.Documents.pod;

import org.junit.jupiter.api.Test;

/** IST0140 and IST0149: what a gateway's routes cannot go by. */
class GatewayRouteAnalysisTest {
    private static final String EDGE = gateway("edge", "app: edge", "hosts: [a.com]");

    @Test
    void theMeshsSubsetsHaveNoEffectOnAGatewaysRequests() {
        String mesh = pod("p", "app: reviews, v: '1'")
                + object("DestinationRule", "dr", "{host: reviews, subsets: [{name: v1, labels: {v: '1'}}]}")
                + object(
                        "VirtualService",
                        "mesh",
                        "{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}");
        String edge = EDGE
                + object(
                        "VirtualService",
                        "vs",
                        "{hosts: [a.com], gateways: [edge], http: [{route: [{destination: {host: reviews}}]}]}");
        check(
                REVIEWS + mesh + edge,
                "IST0140 warning reviews}}]}]} | the subsets of \"reviews\" that VirtualService shop/mesh chooses");
        check(REVIEWS + edge);
        check(REVIEWS + mesh + edge.replace("{host: reviews}", "{host: reviews, subset: v1}"));
        check(REVIEWS + mesh.replace("hosts: [reviews]", "hosts: [front]") + edge);
    }

    @Test
    void aClaimIsMadeByARequestAuthenticationOnly() {
        String vs = object(
                "VirtualService",
                "vs",
                "{hosts: [a.com], gateways: [edge], http: [{match: [{headers: {'@request.auth.claims.group': {exact:"
                        + " admin}}}], directResponse: {status: 200}}]}");
        check(
                EDGE + vs,
                "IST0149 error '@request | no RequestAuthentication checks tokens here, so no request has the claim"
                        + " \"@request.auth.claims.group\"");
        check(
                EDGE + vs.replace("headers:", "withoutHeaders:").replace("{exact: admin}", "{}"),
                "IST0149 error '@request | no RequestAuthentication");
        check(EDGE + vs.replace("@request.auth.claims.group", "x-group"));
        check(vs, "IST0101 error edge], | gateway \"edge\" not found");
    }
}
