package dev.sluice.config.crd.tree;

import com.fasterxml.jackson.core.JsonToken;

/**
 * Scans the YAML that nearly all configuration is written in, many times as fast as the library: block mappings and
 * sequences, flow collections within a line, plain and quoted scalars within a line, comments. Anything else (anchors,
 * tags, block scalars, what goes on in the next line, tabs, directives, and whatever may be a mistake) is {@link NotPlain},
 * and then the library reads the file: it is the one that decides what is YAML, and words the errors. What is scanned here
 * gives the very tokens that the library gives, places included; {@code PlainYamlTest} holds the two against each other.
 */
final class PlainScanner extends PlainCursor {
    /** Far below what the library takes, which words the refusal. */
    private static final int MAX_DEPTH = 32;
    /** YAML ends a key after 1,024 characters. */
    private static final int MAX_KEY = 512;

    private final Tape tape;
    private int depth;
    /** How many flow collections there are around {@link #at}. */
    private int inFlow;

    /** @param text checked by {@link YamlText} */
    PlainScanner(String text, Tape tape) throws NotPlain {
        super(text);
        this.tape = tape;
    }

    /** Writes the next document that is not empty on the tape; false when there is none. */
    boolean next() throws NotPlain {
        tape.clear();
        advance();
        while (indent == END) {
            if (at == text.length()) {
                return false;
            }
            at += 3;
            endLine();
            advance();
        }
        block();
        if (indent != END) {
            throw new NotPlain();
        }
        return true;
    }

    /** The collection whose first token is at {@link #at}; afterwards {@link #indent} is less than its column. */
    private void block() throws NotPlain {
        int column = column() - 1;
        if (isDash()) {
            sequence(column);
        } else {
            scalar(false);
            mapping(column);
        }
    }

    /** The mapping at {@code column}, whose first key has been read. */
    private void mapping(int column) throws NotPlain {
        enter(JsonToken.START_OBJECT, valueColumn);
        while (true) {
            key();
            if (!isBlank(at)) {
                throw new NotPlain();
            }
            valueOf(column);
            if (indent != column) {
                break;
            }
            if (isDash()) {
                throw new NotPlain();
            }
            scalar(false);
        }
        leave(JsonToken.END_OBJECT, column);
    }

    /** What follows a colon. */
    private void valueOf(int column) throws NotPlain {
        int behindLine = line;
        int behind = column();
        skipSpaces();
        if (!isLineOver()) {
            inline();
            endLine();
            advance();
            notDeeper(column);
            return;
        }
        endLine();
        advance();
        if (indent > column) {
            block();
        } else if (indent == column && isDash()) {
            sequence(column);
        } else {
            tape.add(JsonToken.VALUE_STRING, behindLine, behind, "", true);
        }
    }

    private void sequence(int column) throws NotPlain {
        enter(JsonToken.START_ARRAY, column());
        do {
            at++;
            int behindLine = line;
            int behind = column();
            skipSpaces();
            if (isLineOver()) {
                endLine();
                advance();
                if (indent > column) {
                    block();
                } else {
                    tape.add(JsonToken.VALUE_STRING, behindLine, behind, "", true);
                }
            } else {
                item(column);
            }
        } while (indent == column && isDash());
        leave(JsonToken.END_ARRAY, column);
    }

    /** What follows a dash in its line. */
    private void item(int column) throws NotPlain {
        int own = column() - 1;
        char first = text.charAt(at);
        if (isDash()) {
            sequence(own);
            return;
        }
        if (first == '{' || first == '[') {
            inline();
        } else {
            scalar(false);
            skipSpaces();
            if (at < text.length() && text.charAt(at) == ':') {
                mapping(own);
                return;
            }
            addScalar();
        }
        endLine();
        advance();
        notDeeper(column);
    }

    private void enter(JsonToken kind, int column) throws NotPlain {
        if (++depth > MAX_DEPTH) {
            throw new NotPlain();
        }
        tape.add(kind, line, column);
    }

    private void leave(JsonToken kind, int column) throws NotPlain {
        notDeeper(column);
        depth--;
        tape.add(kind, line, 1);
    }

    /** What is further in than the value before it would go on with that value, or be a mistake. */
    private void notDeeper(int column) throws NotPlain {
        if (indent > column) {
            throw new NotPlain();
        }
    }

    private void inline() throws NotPlain {
        char first = at < text.length() ? text.charAt(at) : '\n';
        if (first == '{') {
            flowMapping();
        } else if (first == '[') {
            flowSequence();
        } else {
            scalar(inFlow > 0);
            addScalar();
        }
    }

    private void flowMapping() throws NotPlain {
        enter(JsonToken.START_OBJECT, column());
        inFlow++;
        at++;
        skipSpaces();
        boolean more = !taken('}');
        while (more) {
            scalar(true);
            key();
            skipSpaces();
            inline();
            more = another('}');
        }
        inFlow--;
        depth--;
        tape.add(JsonToken.END_OBJECT, line, column());
    }

    private void flowSequence() throws NotPlain {
        enter(JsonToken.START_ARRAY, column());
        inFlow++;
        at++;
        skipSpaces();
        boolean more = !taken(']');
        while (more) {
            inline();
            more = another(']');
        }
        inFlow--;
        depth--;
        tape.add(JsonToken.END_ARRAY, line, column());
    }

    /** Whether another entry follows; false behind {@code end}. */
    private boolean another(char end) throws NotPlain {
        skipSpaces();
        if (taken(',')) {
            skipSpaces();
            return true;
        }
        if (!taken(end)) {
            throw new NotPlain();
        }
        return false;
    }

    private boolean taken(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    /** Adds the scalar that was read as a key; {@link #at} goes behind its colon. */
    private void key() throws NotPlain {
        skipSpaces();
        if (value.length() > MAX_KEY || !taken(':')) {
            throw new NotPlain();
        }
        // The library gives a merge key as it does any other; what is to be merged is an alias, which is not plain.
        tape.add(JsonToken.FIELD_NAME, line, valueColumn, value, valuePlain);
    }

    private void addScalar() {
        tape.add(JsonToken.VALUE_STRING, line, valueColumn, value, valuePlain);
    }
}
