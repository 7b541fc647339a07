package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.REVIEWS;
import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.entry;
import static dev.sluice.config.validate.cross.Documents.in;
import static dev.sluice.config.validate.cross.Documents.object;
import static dev.sluice.config.validate.cross.Documents.pod;
import static dev.sluice.config.validate.cross.Documents.route;
import static dev.sluice.config.validate.cross.Documents.service;

import org.junit.jupiter.api.Test;

/** IST0101 and IST0112: destinations and mirrors of VirtualServices. */
class DestinationAnalysisTest {
    private static final String TWO_PORTS = service("two", "{name: http, port: 80}, {name: http-b, port: 81}");

    @Test
    void aDestinationMustBeAServiceWithAShortNameOfItsOwnNamespace() {
        check(REVIEWS + route("{host: reviews}"));
        check(REVIEWS + route("{host: REVIEWS.shop.svc.cluster.local}"));
        check(REVIEWS + route("{host: revews}"), "IST0101 error revews | did you mean \"reviews\"?");
        check(
                REVIEWS + route("{host: reviews.shop}"),
                "IST0101 error reviews.shop | a name with a dot is not expanded");
        check(
                REVIEWS + route("{host: reviews}").replace("namespace: shop", "namespace: other"),
                "IST0101 error reviews}}]}]} | host \"reviews\" not found; there is"
                        + " \"reviews.shop.svc.cluster.local\"");
        check(REVIEWS + route("{host: ratings}"), "IST0101 error ratings}}]}]} | host \"ratings\" not found");
        check(
                REVIEWS + route("{host: revews.shop.svc.cluster.local}"),
                "IST0101 error revews | did you mean \"reviews.shop.svc.cluster.local\"?");
    }

    @Test
    void everyRouteAndEveryMirrorIsLookedAt() {
        check(
                REVIEWS
                        + object(
                                "VirtualService",
                                "vs",
                                "{hosts: [front], http: [{route: [{destination: {host: reviews}}], mirror: {host: a},"
                                        + " mirrors: [{destination: {host: b}}]}], tcp: [{route: [{destination: {host: c}}]}],"
                                        + " tls: [{match: [{sniHosts: [front]}], route: [{destination: {host: d}}]}]}"),
                "IST0101 error a} | mirror host \"a\" not found",
                "IST0101 error b} | mirror host \"b\" not found",
                "IST0101 error c} | host \"c\" not found",
                "IST0101 error d} | host \"d\" not found");
    }

    @Test
    void aServiceThatIsNotExportedIsNotFound() {
        String entry = entry("se", "[a.com], exportTo: [elsewhere]", "HTTP");
        check(entry + route("{host: a.com}"), "IST0101 error a.com§2 | not exported to namespace shop");
        check(entry + route("{host: a.com}").replace("{hosts: [front]", "{exportTo: [elsewhere], hosts: [front]"));
        check(entry("se", "[a.com], exportTo: [.]", "HTTP") + route("{host: a.com}"));
    }

    @Test
    void aWildcardServiceTakesTheHostsThatItCovers() {
        String entry = entry("se", "['*.a.com']", "HTTP");
        check(entry + route("{host: b.a.com}"));
        check(entry + route("{host: a.com}"), "IST0101 error a.com§2 | not found");
    }

    @Test
    void aPortMustBeTheServicesOwnAndChosenWhereThereAreSeveral() {
        check(TWO_PORTS + route("{host: two, port: {number: 81}}"));
        check(TWO_PORTS + route("{host: two}"), "IST0112 error two}}] | several ports, 80, 81");
        check(REVIEWS + route("{host: reviews, port: {number: 99}}"), "IST0101 error 99 | it has 80");
    }

    @Test
    void aSubsetMustBeOneOfItsDestinationRules() {
        String rule = pod("r", "app: reviews, v: '1'")
                + object("DestinationRule", "dr", "{host: reviews, subsets: [{name: first, labels: {v: '1'}}]}");
        check(REVIEWS + rule + route("{host: reviews, subset: first}"));
        check(
                REVIEWS + rule + route("{host: reviews, subset: frist}"),
                "IST0101 error frist | did you mean \"first\"?");
        check(
                REVIEWS + rule + route("{host: reviews, subset: xyz}"),
                "IST0101 error xyz | subset \"xyz\" of \"reviews\" not found; there are first");
        check(REVIEWS + route("{host: reviews, subset: v1}"), "IST0101 error v1} | no DestinationRule");
    }

    @Test
    void aRuleOfAnotherNamespaceCountsWhereItIsSeen() {
        String full = "reviews.shop.svc.cluster.local";
        String pod = pod("r", "app: reviews, v: '1'");
        String vs = in(
                "client",
                "VirtualService",
                "vs",
                "{hosts: [front], http: [{route: [{destination: {host: " + full + ", subset: first}}]}]}");
        String rule = "{host: " + full + ", subsets: [{name: first, labels: {v: '1'}}]}";
        check(REVIEWS + pod + vs + in("shop", "DestinationRule", "dr", rule));
        check(REVIEWS + pod + vs + in("istio-system", "DestinationRule", "dr", rule));
        check(
                REVIEWS + pod + vs + in("third", "DestinationRule", "dr", rule),
                "IST0101 error first}}] | no DestinationRule for this host is seen from namespace client");
    }

    @Test
    void aRuleForSomeWorkloadsIsSeenFromItsOwnNamespaceAlone() {
        String full = "reviews.shop.svc.cluster.local";
        String rule = pod("r", "app: reviews, v: '1'")
                + in(
                        "shop",
                        "DestinationRule",
                        "dr",
                        "{host: reviews, workloadSelector: {matchLabels: {app: web}}, subsets: [{name: first, labels:"
                                + " {v: '1'}}]}");
        check(REVIEWS + rule + route("{host: reviews, subset: first}"));
        check(
                REVIEWS
                        + rule
                        + in(
                                "client",
                                "VirtualService",
                                "vs",
                                "{hosts: [front], http: [{route: [{destination: {host: " + full
                                        + ", subset: first}}]}]}"),
                "IST0101 error first}}] | no DestinationRule for this host is seen from namespace client");
    }

    @Test
    void ofRulesThatAreExportedDifferentlyTheLastHolds() {
        String rules = pod("r", "app: reviews, v: '1'")
                + object(
                        "DestinationRule",
                        "a",
                        "{host: reviews, exportTo: [shop, third], subsets: [{name: first, labels: {v: '1'}}]}")
                + object(
                        "DestinationRule",
                        "b",
                        "{host: reviews, exportTo: [.], subsets: [{name: other, labels: {v: '1'}}]}");
        check(REVIEWS + rules + route("{host: reviews, subset: other}"));
        check(
                REVIEWS + rules + route("{host: reviews, subset: first}"),
                "IST0101 error first}} | subset \"first\" of \"reviews\" not found; there are other");
    }
}
