package dev.sluice.proxy.app;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.IdentityOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.process.ConfigSession;
import dev.sluice.proxy.explain.Explanation;
import dev.sluice.proxy.explain.ExplanationJson;
import dev.sluice.proxy.explain.ExplanationText;
import dev.sluice.proxy.explain.Question;
import dev.sluice.proxy.explain.Questions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice explain CONFIG… METHOD URL}: which rule takes a request, and why. */
@Command(
        name = "explain",
        description = "Tells which rule takes a request and why: CONFIG... METHOD URL [-H 'name: value']...",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ExplainCommand implements Callable<Integer> {
    /** The table of the outbound listener is compiled as for an explicit one; nothing is bound. */
    private static final BindAddress NOWHERE = new BindAddress("127.0.0.1", 0);

    @Mixin
    private IdentityOptions options;

    @Option(names = "-H", paramLabel = "'name: value'", description = "A request header; repeatable.")
    private @Nullable List<String> headers;

    @Option(
            names = "--from",
            paramLabel = "outbound|inbound|gateway:NS/NAME",
            description = "Where the request comes in (default: the first gateway that takes the host, else outbound).")
    private @Nullable String from;

    @Option(
            names = "--intercept",
            description = "As run --intercept: asks about a connection that was redirected to the proxy.")
    private boolean intercept;

    @Option(
            names = "--dialled",
            paramLabel = "ADDRESS",
            description = "With --intercept: the IP address that the client connected to, on the URL's port.")
    private @Nullable String dialled;

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private FindingsPrinter.Format format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, IOException {
        List<String> words = options.config();
        if (words.size() < 3) {
            throw new ParameterException(spec.commandLine(), "explain takes CONFIG... METHOD URL");
        }
        Question question = question(words);
        // What was redirected does not come to that listener: it would answer for requests that the proxy refuses.
        BindAddress outbound = intercept ? null : NOWHERE;
        ConfigSession session = ConfigSession.open(words.subList(0, words.size() - 2), options, outbound, List.of())
                .intercepting(intercept);
        LoadResult loaded = session.load();
        if (loaded.blocked()) {
            refuse(loaded.findings(), spec.commandLine().getErr());
            return ExitCodes.REFUSED;
        }
        ProxyPlan plan = session.compile(loaded).plan();
        Explanation explanation = answer(plan, question);
        PrintWriter out = spec.commandLine().getOut();
        if (format == FindingsPrinter.Format.json) {
            ExplanationJson.write(explanation, out);
            out.println();
        } else {
            out.print(ExplanationText.of(explanation));
        }
        StandardOutput.whole(out);
        return explanation.outcome() == Explanation.Outcome.NONE ? ExitCodes.NO_ROUTE : ExitCodes.OK;
    }

    private Question question(List<String> words) {
        try {
            return Question.of(
                    words.get(words.size() - 2),
                    words.get(words.size() - 1),
                    headers == null ? List.of() : headers,
                    dialled,
                    from);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Explanation answer(ProxyPlan plan, Question question) {
        try {
            return new Questions(plan).answer(question);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void refuse(List<Finding> findings, PrintWriter err) {
        findings.stream().filter(Finding::blocking).forEach(finding -> err.println(finding.text()));
        err.println("sluice: the configuration is refused");
        err.flush();
    }
}
