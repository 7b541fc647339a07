package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.checkWith;
import static dev.sluice.config.validate.cross.Documents.in;

import java.util.List;
import org.junit.jupiter.api.Test;

/** SLC0122: rules that hand on to a VirtualService which cannot take what they give. */
class DelegateAnalysisTest {
    private static String root(String delegate) {
        return in("shop", "VirtualService", "root", "{hosts: [a.com], http: [{delegate: " + delegate + "}]}");
    }

    private static String leaf(String namespace, String more) {
        return in(namespace, "VirtualService", "leaf", "{" + more + "http: [{directResponse: {status: 200}}]}");
    }

    @Test
    void aDelegateOfTheOwnNamespaceOrAnotherIsTaken() {
        check(root("{name: leaf}") + leaf("shop", ""));
        check(root("{name: leaf, namespace: team}") + leaf("team", ""));
        check(root("{name: leaf, namespace: team}") + leaf("team", "exportTo: [shop], "));
    }

    @Test
    void aDelegateMustBeThere() {
        check(
                root("{name: leav}") + leaf("shop", ""),
                "SLC0122 warning leav | the rule takes no request: delegate \"shop/leav\" not found; did you mean"
                        + " \"shop/leaf\"?");
        check(root("{name: leaf}") + leaf("team", ""), "SLC0122 warning leaf | delegate \"shop/leaf\" not found");
    }

    @Test
    void aDelegateHasNoHosts() {
        check(
                root("{name: leaf}") + leaf("shop", "hosts: [b.com], "),
                "SLC0122 warning leaf | delegate \"shop/leaf\" has hosts of its own; a delegate has none");
    }

    @Test
    void aDelegateIsExportedToTheRule() {
        String hidden = " | delegate \"team/leaf\" is not exported to namespace shop";
        check(
                root("{name: leaf, namespace: team}") + leaf("team", "exportTo: [.], "),
                "SLC0122 warning leaf, namespace: team" + hidden);
        checkWith(
                List.of("defaultVirtualServiceExportTo={.}"),
                root("{name: leaf, namespace: team}") + leaf("team", ""),
                "SLC0122 warning leaf, namespace: team" + hidden);
    }
}
