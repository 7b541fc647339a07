package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.config.plan.words.PathNormalizer;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.World;
import org.jspecify.annotations.Nullable;

/**
 * Paths to match, as {@code exact} or {@code prefix}, that no request has when it is matched (SLC0123): the query is no part of
 * a path, and MeshConfig says in which form paths are matched ({@link PathNormalizer}).
 */
final class PathAnalysis {
    private final World world;
    private final PathNormalization mode;

    private PathAnalysis(World world) {
        this.world = world;
        this.mode = PathNormalization.named(world.set().mesh().pathNormalizationName());
    }

    static void run(World world) {
        PathAnalysis analysis = new PathAnalysis(world);
        for (VirtualService service : world.set().virtualServices()) {
            for (HttpRoute route : service.http()) {
                for (HttpMatchRequest match : route.match()) {
                    StringMatch uri = match.uri();
                    if (uri != null) {
                        analysis.check(service, uri.at(), "exact", uri.exact());
                        analysis.check(service, uri.at(), "prefix", uri.prefix());
                    }
                }
            }
        }
    }

    private void check(VirtualService service, MapNode at, String field, @Nullable String path) {
        if (path == null || path.isEmpty()) {
            return;
        }
        String reason = reason(field.equals("prefix") ? path.substring(0, closedEnd(path)) : path);
        if (reason != null) {
            world.report(service)
                    .add(
                            Severity.WARNING,
                            Codes.UNKNOWN_PATH,
                            Place.of(at, field),
                            "no request has this path: " + reason);
        }
    }

    /** With what follows, the end of a prefix may be something else: part of an escape, or of a name that begins with dots. */
    private static int closedEnd(String prefix) {
        int percent = prefix.lastIndexOf('%');
        if (percent >= 0 && percent >= prefix.length() - 2) {
            return percent;
        }
        int slash = prefix.lastIndexOf('/');
        String last = prefix.substring(slash + 1);
        return slash >= 0 && (last.equals(".") || last.equals("..")) ? slash + 1 : prefix.length();
    }

    private @Nullable String reason(String path) {
        if (path.indexOf('?') >= 0) {
            return "what follows the question mark is the query; match it by queryParams";
        }
        if (path.indexOf('#') >= 0) {
            return "clients keep a fragment to themselves";
        }
        if (path.isEmpty() || path.equals("*")) {
            return null;
        }
        if (path.charAt(0) != '/') {
            return "every path begins with a slash";
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return "blanks, and letters beyond ASCII, come percent-encoded, such as %20";
            }
        }
        String matched = PathNormalizer.normalize(path, mode);
        if (matched == null) {
            return "it is answered 400";
        }
        return matched.equals(path) ? null : "it is matched as " + Quote.of(matched);
    }
}
