package dev.sluice.proxy.admin;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.explain.Explanation;
import dev.sluice.proxy.explain.ExplanationJson;
import dev.sluice.proxy.explain.Question;
import dev.sluice.proxy.explain.Questions;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.telemetry.Secrets;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashSet;
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
        ExplanationJson.write(explanation, json);
        return Answer.json(json.append('\n').toString());
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
