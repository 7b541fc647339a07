package dev.sluice.proxy.codec;

import java.util.ArrayList;
import java.util.List;

/** Collects what a {@link StreamPeer} sees; pieces of a body that follow each other become one word. */
final class StreamWords {
    private final List<String> words = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean ended;

    void add(String word) {
        endText();
        words.add(word);
    }

    void text(String piece) {
        text.append(piece);
    }

    /** The message is complete. */
    void end() {
        add("|");
        ended = true;
    }

    /** The stream is over; without the end of the message it was cut. */
    void over() {
        if (!ended) {
            add("cut");
            ended = true;
        }
    }

    List<String> all() {
        endText();
        return List.copyOf(words);
    }

    private void endText() {
        if (text.length() > 0) {
            words.add(text.length() > 64 ? "<" + text.length() + ">" : text.toString());
            text.setLength(0);
        }
    }
}
