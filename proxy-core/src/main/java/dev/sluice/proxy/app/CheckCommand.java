package dev.sluice.proxy.app;

import dev.sluice.config.source.LoadResult;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.IdentityOptions;
import dev.sluice.proxy.app.options.RunOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.process.ConfigSession;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice check}: validates and analyses. */
@Command(
        name = "check",
        description = "Validates and analyses a configuration; one finding a line.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private IdentityOptions options;

    @Option(
            names = "--certs",
            paramLabel = "DIR",
            defaultValue = "",
            description = "Certificates that run would be given: looked at too.")
    private String certs = "";

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private FindingsPrinter.Format format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError {
        ConfigSession session = ConfigSession.open(options.config(), options, null, List.of());
        LoadResult loaded = session.load();
        if (loaded.files() == 0) {
            // Nothing found would look like nothing wrong.
            PrintWriter err = spec.commandLine().getErr();
            err.println("sluice: nothing to check: no *.yaml or *.yml in " + String.join(", ", options.config()));
            err.flush();
        }
        Compiled compiled = session.compile(loaded);
        List<Finding> findings = new ArrayList<>(session.findings(loaded, compiled));
        findings.addAll(CertificateFindings.of(loaded.set(), compiled.plan(), RunOptions.folder(certs)));
        Collections.sort(findings);
        FindingsPrinter.print(findings, format, spec.commandLine().getOut());
        boolean errors = findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        return errors ? ExitCodes.REFUSED : ExitCodes.OK;
    }
}
