package dev.sluice.proxy.admin.http;

import java.io.IOException;

/**
 * One path of the admin port.
 *
 * @param path exact, such as {@code /ready}
 * @param about one line for the index
 * @param kind what it may be asked for
 * @param open whether a client beyond loopback may read it without the token: probes and scrapes
 * @param responder answers
 */
public record Page(String path, String about, Kind kind, boolean open, Responder responder) {
    /** What a page may be asked for. */
    public enum Kind {
        /** GET and HEAD. */
        READ,
        /** POST, with the header and the token. */
        CHANGE,
        /** Either: GET reads, POST changes. */
        BOTH
    }

    /** Answers. Called on the admin thread. */
    @FunctionalInterface
    public interface Responder {
        /**
         * @throws IllegalArgumentException when the parameters make no sense; the message is one sentence, answered as 400
         */
        Answer answer(Query query) throws IOException;
    }

    /** A page that only shows. */
    public static Page read(String path, String about, Responder responder) {
        return new Page(path, about, Kind.READ, false, responder);
    }

    /** A page that only shows, and that probes and scrapers beyond loopback may read. */
    public static Page openRead(String path, String about, Responder responder) {
        return new Page(path, about, Kind.READ, true, responder);
    }

    /** A page that changes something. */
    public static Page change(String path, String about, Responder responder) {
        return new Page(path, about, Kind.CHANGE, false, responder);
    }

    /** The methods it takes, as in {@code Allow}. */
    String methods() {
        return switch (kind) {
            case READ -> "GET, HEAD";
            case CHANGE -> "POST";
            case BOTH -> "GET, HEAD, POST";
        };
    }
}
