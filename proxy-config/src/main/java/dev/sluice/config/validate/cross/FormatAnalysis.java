package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.HeaderOperations;
import dev.sluice.config.crd.HttpRoute.Headers;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.MeshConfig.AccessLogEncoding;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.text.HeaderText;
import dev.sluice.config.validate.world.World;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Command operators in the values of headers and in the access log's format: those that the proxy does not know give
 * nothing (SLC0114).
 */
final class FormatAnalysis {
    private static final String LOG_FORMAT = "accessLogFormat";

    private final World world;
    private final Formats formats;

    private FormatAnalysis(World world, Formats formats) {
        this.world = world;
        this.formats = formats;
    }

    static void run(World world, Formats formats) {
        FormatAnalysis analysis = new FormatAnalysis(world, formats);
        for (VirtualService service : world.set().virtualServices()) {
            for (HttpRoute route : service.http()) {
                analysis.headers(service, route.headers());
                route.route().forEach(target -> analysis.headers(service, target.headers()));
            }
        }
        analysis.log(world.set().mesh());
    }

    private void headers(VirtualService service, @Nullable Headers headers) {
        if (headers != null) {
            operations(service, headers.request());
            operations(service, headers.response());
        }
    }

    private void operations(VirtualService service, @Nullable HeaderOperations operations) {
        if (operations != null) {
            values(service, operations, "set", operations.set());
            values(service, operations, "add", operations.add());
        }
    }

    private void values(VirtualService service, HeaderOperations at, String field, Map<String, String> values) {
        values.forEach((name, value) -> {
            // an authority is taken as it is, and what is malformed is an error already
            String problem = HeaderText.isAuthority(name) || HeaderText.valueProblem(value) != null
                    ? null
                    : formats.headerProblem(value);
            if (problem != null) {
                world.report(service)
                        .warning(
                                Codes.UNKNOWN_OPERATOR,
                                Place.of(at.at(), field).field(name),
                                problem + "; nothing is put in its place");
            }
        });
    }

    private void log(MeshConfig mesh) {
        String format = mesh.accessLogFormat();
        String problem = format == null || format.isBlank()
                ? null
                : formats.logProblem(format, mesh.accessLogEncoding() == AccessLogEncoding.JSON);
        if (problem != null) {
            Location at = Place.of(mesh.at(), LOG_FORMAT).location();
            world.tell(new Finding(at, Severity.WARNING, Codes.UNKNOWN_OPERATOR, Subject.MESH, LOG_FORMAT, problem));
        }
    }
}
