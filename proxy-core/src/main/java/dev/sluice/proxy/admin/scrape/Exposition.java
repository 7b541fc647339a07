package dev.sluice.proxy.admin.scrape;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats in which metrics are told. */
public enum Exposition {
    TEXT("text/plain; version=0.0.4; charset=utf-8", ""),
    OPEN_METRICS_0("application/openmetrics-text; version=0.0.1; charset=utf-8", "# EOF\n"),
    OPEN_METRICS_1("application/openmetrics-text; version=1.0.0; charset=utf-8", "# EOF\n");

    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final String contentType;
    private final String end;

    Exposition(String contentType, String end) {
        this.contentType = contentType;
        this.end = end;
    }

    /** As a header says it. */
    public String contentType() {
        return contentType;
    }

    /** What a complete exposition ends with. */
    public String end() {
        return end;
    }

    /**
     * What an app says that it answers; without a word it is text, which is what scrapers take it for.
     *
     * @return null for what is no metrics in text: a page for people, JSON, protobuf
     */
    static @Nullable Exposition of(@Nullable String contentType) {
        if (contentType == null || contentType.isBlank()) {
            return TEXT;
        }
        String type = contentType.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "");
        int parameters = type.indexOf(';');
        String media = parameters < 0 ? type : type.substring(0, parameters);
        if (media.equals(OPEN_METRICS)) {
            return type.contains(";version=1.0.0") ? OPEN_METRICS_1 : OPEN_METRICS_0;
        }
        return media.equals("text/plain") ? TEXT : null;
    }
}
