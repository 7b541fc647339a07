package dev.sluice.config.crd.tree;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * YAML as a row of tokens, all documents of a text one after another: a token at root level begins a new one. Every scalar
 * is {@code VALUE_STRING}; what a plain one means is {@link ScalarResolver}'s to say. Everything but {@link #nextToken} is
 * about the current token.
 */
interface Tokens {
    /** Goes on to the next token; null at the end. */
    @Nullable
    JsonToken nextToken() throws IOException;

    /** The text of a scalar. */
    String text() throws IOException;

    /** The text of a key. */
    String currentName() throws IOException;

    /** 1-based line of its start. */
    int line();

    /** 1-based column of its start. */
    int column();

    /** Whether the scalar or key stands without quotes. */
    boolean plain();

    /** The tag of the scalar, key, list or mapping; null when none is written. */
    @Nullable
    String tag();

    /** The anchor that the value carries, or, on an alias, the one it names; null for none. */
    @Nullable
    String anchor();

    /** Whether it is an alias. */
    boolean isCurrentAlias() throws IOException;
}
