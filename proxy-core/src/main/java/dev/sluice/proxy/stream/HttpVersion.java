package dev.sluice.proxy.stream;

/** Version a message was received in or is to be sent in. */
public enum HttpVersion {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    /** As in Envoy's {@code %PROTOCOL%}. */
    public String text() {
        return text;
    }
}
