package dev.sluice.config.translate.route;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.HttpMirrorPolicy;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.translate.route.delegate.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shadow copies (spec §1.1); one whose share comes to nothing is none. */
final class MirrorTranslator {
    private final Destinations destinations;

    MirrorTranslator(Destinations destinations) {
        this.destinations = destinations;
    }

    List<MirrorPlan> mirrors(Rule rule, int listenerPort) {
        HttpRoute route = rule.route();
        List<MirrorPlan> mirrors = new ArrayList<>();
        add(route.mirror(), share(route), rule, listenerPort, mirrors);
        // A delegate with one form and a root with the other have both.
        for (HttpMirrorPolicy mirror : route.mirrors()) {
            int share = mirror.percentage() == null ? Share.ALL : Share.perMillion(mirror.percentage());
            add(mirror.destination(), share, rule, listenerPort, mirrors);
        }
        return mirrors;
    }

    private static int share(HttpRoute route) {
        if (route.mirrorPercentage() != null) {
            return Share.perMillion(route.mirrorPercentage());
        }
        return route.mirrorPercent() == null ? Share.ALL : Share.perMillion(route.mirrorPercent());
    }

    private void add(@Nullable Destination to, int share, Rule rule, int listenerPort, List<MirrorPlan> mirrors) {
        if (to != null && share > 0) {
            mirrors.add(new MirrorPlan(
                    destinations.find(to, rule.namespace(), listenerPort).cluster(),
                    share,
                    to.at().ref()));
        }
    }
}
