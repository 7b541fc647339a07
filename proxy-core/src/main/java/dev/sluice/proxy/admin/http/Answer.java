package dev.sluice.proxy.admin.http;

import java.util.Map;

/**
 * What the admin port answers.
 *
 * @param contentType with its charset, which is always UTF-8
 * @param headers further ones, by name
 */
public record Answer(int status, String contentType, String body, Map<String, String> headers) {
    private static final String TEXT = "text/plain; charset=utf-8";

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** 200 with text. */
    public static Answer text(String body) {
        return text(200, body);
    }

    /** Text. */
    public static Answer text(int status, String body) {
        return new Answer(status, TEXT, body, Map.of());
    }

    /** 200 with JSON. */
    public static Answer json(String body) {
        return new Answer(200, "application/json; charset=utf-8", body, Map.of());
    }

    /** 200 of another type. */
    public static Answer of(String contentType, String body) {
        return new Answer(200, contentType, body, Map.of());
    }

    /** A refusal: one sentence. */
    public static Answer refusal(int status, String sentence) {
        return text(status, sentence + "\n");
    }

    /** 405 with the methods that are allowed. */
    public static Answer notAllowed(String allowed, String sentence) {
        return new Answer(405, TEXT, sentence + "\n", Map.of("Allow", allowed));
    }
}
