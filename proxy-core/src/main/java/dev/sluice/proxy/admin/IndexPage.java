package dev.sluice.proxy.admin;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Page;
import java.util.List;

/** {@code /}: the pages with one line each. Plain HTML: no script, no style, nothing of the configuration. */
final class IndexPage {
    private IndexPage() {}

    static Answer of(List<Page> pages) {
        StringBuilder html = new StringBuilder();
        html.append(
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sluice admin</title></head>\n");
        html.append("<body><h1>Sluice admin</h1>\n<table>\n");
        for (Page page : pages) {
            boolean reads = page.kind() != Page.Kind.CHANGE;
            html.append("<tr><td>").append(reads ? "GET" : "POST").append("</td><td>");
            html.append(reads ? "<a href=\"" + page.path() + "\">" + page.path() + "</a>" : page.path());
            html.append("</td><td>").append(page.about()).append("</td></tr>\n");
        }
        html.append("</table>\n<p>POST needs the header <code>X-Sluice-Admin: 1</code>, and");
        html.append(" <code>Authorization: Bearer TOKEN</code> where a token is set.</p>\n</body></html>\n");
        return Answer.of("text/html; charset=utf-8", html.toString());
    }
}
