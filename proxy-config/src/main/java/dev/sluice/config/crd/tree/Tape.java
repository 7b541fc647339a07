package dev.sluice.config.crd.tree;

import com.fasterxml.jackson.core.JsonToken;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tokens of one document of plain YAML, written by {@link PlainScanner} and then read; used again and again. */
final class Tape implements Tokens {
    private JsonToken[] kinds = new JsonToken[256];
    private int[] lines = new int[256];
    private int[] columns = new int[256];
    /** Of scalars and keys. */
    private @Nullable String[] texts = new @Nullable String[256];

    private boolean[] plain = new boolean[256];
    private int size;
    private int at = -1;

    void clear() {
        size = 0;
        at = -1;
    }

    /** Adds a beginning or an end. */
    void add(JsonToken kind, int line, int column) {
        add(kind, line, column, null, false);
    }

    /** Adds a scalar or a key. */
    void add(JsonToken kind, int line, int column, @Nullable String text, boolean isPlain) {
        if (size == kinds.length) {
            int length = size * 2;
            kinds = Arrays.copyOf(kinds, length);
            lines = Arrays.copyOf(lines, length);
            columns = Arrays.copyOf(columns, length);
            texts = Arrays.copyOf(texts, length);
            plain = Arrays.copyOf(plain, length);
        }
        kinds[size] = kind;
        lines[size] = line;
        columns[size] = column;
        texts[size] = text;
        plain[size] = isPlain;
        size++;
    }

    @Override
    public @Nullable JsonToken nextToken() {
        return ++at < size ? kinds[at] : null;
    }

    @Override
    public String text() {
        return String.valueOf(texts[at]);
    }

    @Override
    public String currentName() {
        return text();
    }

    @Override
    public int line() {
        return lines[at];
    }

    @Override
    public int column() {
        return columns[at];
    }

    @Override
    public boolean plain() {
        return plain[at];
    }

    @Override
    public @Nullable String tag() {
        return null;
    }

    @Override
    public @Nullable String anchor() {
        return null;
    }

    @Override
    public boolean isCurrentAlias() {
        return false;
    }
}
