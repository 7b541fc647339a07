package dev.sluice.proxy.admin;

import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.policy.StringMatchPlan.Exact;
import dev.sluice.config.plan.policy.StringMatchPlan.Present;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.explain.Explanation;
import dev.sluice.proxy.explain.Explanation.Tried;
import dev.sluice.proxy.explain.ExplanationJson;
import dev.sluice.proxy.explain.Question;
import dev.sluice.proxy.explain.Questions;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.telemetry.Secrets;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code /explain?method=&url=&header=}: which rule of the configuration in force takes a request, asked of the very routers
 * that route. {@code header} is repeatable, {@code name: value}; {@code from} and {@code dialled} as
 * in the command.
 */
final class ExplainPage {
    private final RunningProxy proxy;

    ExplainPage(RunningProxy proxy) {
        this.proxy = proxy;
    }

    Answer answer(Query query) throws IOException {
        String url = query.one("url");
        if (url == null || url.isEmpty()) {
            throw new IllegalArgumentException("url is missing: /explain?method=GET&url=http://HOST/PATH");
        }
        String method = query.one("method");
        Question question = Question.of(
                method == null || method.isEmpty() ? "GET" : method,
                url,
                query.all("header"),
                query.one("dialled"),
                query.one("from"));
        Explanation explanation = Questions.of(proxy.snapshot(), proxy.listeners()::isClosedToRoutes)
                .answer(question);
        redact(explanation.request().headers());
        StringWriter json = new StringWriter();
        ExplanationJson.write(explanation.withTried(redact(explanation.tried())), json);
        return Answer.json(json.append('\n').toString());
    }

    /** It may compare them, too. */
    private static List<Tried> redact(List<Tried> tried) {
        List<Tried> shown = new ArrayList<>(tried.size());
        for (Tried one : tried) {
            ConditionPlan failed = one.failed();
            shown.add(failed == null || !tells(failed) ? one : new Tried(one.rule(), redact(failed)));
        }
        return shown;
    }

    /** Whether a condition says what a credential should be. */
    private static boolean tells(ConditionPlan condition) {
        return !(condition.value() instanceof Present) && PlanJson.isSecret(condition);
    }

    private static ConditionPlan redact(ConditionPlan secret) {
        return new ConditionPlan(secret.field(), secret.key(), new Exact(Secrets.REDACTED), secret.at());
    }

    /** The configuration may add credentials to a request; the admin port does not hand them out. */
    private static void redact(Headers headers) {
        Set<String> secrets = new LinkedHashSet<>();
        headers.forEach((name, value) -> {
            if (Secrets.isSecret(name.toString())) {
                secrets.add(name.toString());
            }
        });
        secrets.forEach(name -> headers.set(AsciiString.of(name), Secrets.REDACTED));
    }
}
