package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HttpRoute.HttpBody;
import dev.sluice.config.crd.HttpRoute.HttpDirectResponse;
import dev.sluice.config.crd.HttpRoute.HttpRedirect;
import dev.sluice.config.plan.Body;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RouteActionPlan.RedirectPort;
import dev.sluice.config.plan.RouteActionPlan.RedirectPort.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Redirects (spec §1.5) and direct responses (§1.6). */
final class LocalAnswerTranslator {
    private static final Set<Integer> REDIRECT_CODES = Set.of(301, 302, 303, 307, 308);

    private LocalAnswerTranslator() {}

    /** @param requestPort of the server or service that the route is for; 0 where it has none, as on a Unix domain socket */
    static RouteActionPlan redirect(HttpRedirect written, MatchPlan match, int requestPort) {
        Long code = written.redirectCode();
        int status = code == null || code == 0 ? 301 : code.intValue();
        if (!REDIRECT_CODES.contains(status)) {
            return new RouteActionPlan.Dead("redirect with code " + status + " has no effect");
        }
        String uri = set(written.uri());
        String prefix = set(written.prefixRewrite());
        return new RouteActionPlan.Redirect(
                status,
                set(written.scheme()),
                set(written.authority()),
                port(written, requestPort),
                uri == null || uri.startsWith("/") ? uri : "/" + uri,
                prefix,
                prefix == null ? "" : Objects.requireNonNullElse(RewriteTranslator.matchedPrefix(match), ""));
    }

    static RouteActionPlan directResponse(HttpDirectResponse written) {
        Long status = written.status();
        return new RouteActionPlan.DirectResponse(status == null ? 200 : status.intValue(), body(written.body()));
    }

    private static RedirectPort port(HttpRedirect written, int requestPort) {
        if (written.port() != null && written.port() != 0) {
            return new RedirectPort(Kind.EXPLICIT, written.port().intValue());
        }
        if (written.derivePort() == null) {
            return new RedirectPort(Kind.KEEP, 0);
        }
        return switch (written.derivePort()) {
            case FROM_PROTOCOL_DEFAULT -> new RedirectPort(Kind.FROM_PROTOCOL_DEFAULT, 0);
            case FROM_REQUEST_PORT -> new RedirectPort(requestPort > 0 ? Kind.EXPLICIT : Kind.KEEP, requestPort);
        };
    }

    private static Body body(@Nullable HttpBody body) {
        if (body == null) {
            return Body.EMPTY;
        }
        if (body.string() != null) {
            return Body.of(body.string().getBytes(StandardCharsets.UTF_8));
        }
        return body.bytes() == null
                ? Body.EMPTY
                : Body.of(Base64.getMimeDecoder().decode(body.bytes()));
    }

    private static @Nullable String set(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
