package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.text.HeaderText;
import dev.sluice.config.validate.world.World;
import java.util.Map;

/**
 * Routes of a gateway that go by a claim of a JWT: only a RequestAuthentication makes claims of tokens (IST0149). None is
 * ever in force here, for Sluice does not serve that kind: one that is there refuses {@code run}, or was told to be passed
 * over.
 */
final class ClaimAnalysis {
    private ClaimAnalysis() {}

    static void run(World world) {
        for (VirtualService service : world.set().virtualServices()) {
            if (hasGateway(service, world)) {
                for (HttpRoute route : service.http()) {
                    route.match().forEach(match -> check(service, match, world));
                }
            }
        }
    }

    /** One that is there; for another there is a finding of its own. */
    private static boolean hasGateway(VirtualService service, World world) {
        String namespace = service.metadata().namespace();
        for (String written : service.gateways()) {
            String id = HostNames.gateway(written, namespace);
            int slash = id.indexOf('/');
            if (slash > 0 && world.set().find(Gateway.class, id.substring(0, slash), id.substring(slash + 1)) != null) {
                return true;
            }
        }
        return false;
    }

    private static void check(VirtualService service, HttpMatchRequest match, World world) {
        check(service, match, "headers", match.headers(), world);
        check(service, match, "withoutHeaders", match.withoutHeaders(), world);
    }

    private static void check(
            VirtualService service,
            HttpMatchRequest match,
            String field,
            Map<String, StringMatch> headers,
            World world) {
        for (String name : headers.keySet()) {
            if (HeaderText.isClaim(name)) {
                world.report(service)
                        .add(
                                Severity.ERROR,
                                Codes.CLAIM_WITHOUT_AUTHENTICATION,
                                Place.of(match.at(), field).key(name),
                                "no RequestAuthentication checks tokens here, so no request has the claim "
                                        + Quote.of(name));
            }
        }
    }
}
