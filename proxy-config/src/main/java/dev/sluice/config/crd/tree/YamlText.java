package dev.sluice.config.crd.tree;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns the bytes of a file into text that may be given to the YAML scanner: right encoding, only characters that YAML
 * allows, no document beyond the limit. The scanner would notice all of this too, but late, without a place, or with a
 * scalar of any size in memory.
 */
final class YamlText {
    /** The most code points a document may have (Kubernetes' own limit on an object is half of it). */
    static final int MAX_DOCUMENT = 3 * 1024 * 1024;

    private YamlText() {}

    /** The text, without a byte order mark. */
    static String of(byte[] bytes) throws UnreadableYaml {
        String text = decode(bytes);
        check(text);
        return text;
    }

    private static String decode(byte[] bytes) throws UnreadableYaml {
        if (starts(bytes, 0xFE, 0xFF)) {
            return strict(bytes, 2, StandardCharsets.UTF_16BE);
        }
        if (starts(bytes, 0xFF, 0xFE)) {
            return strict(bytes, 2, StandardCharsets.UTF_16LE);
        }
        int from = starts(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        // The quick decoder puts U+FFFD where bytes are wrong; only where one is seen is the exact place looked for.
        return text.indexOf('\uFFFD') < 0 ? text : strict(bytes, from, StandardCharsets.UTF_8);
    }

    private static boolean starts(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static String strict(byte[] bytes, int from, Charset charset) throws UnreadableYaml {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer out = CharBuffer.allocate(bytes.length - from + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes, from, bytes.length - from), out, true);
        out.flip();
        String text = out.toString();
        if (result.isError()) {
            int line = 1;
            int column = 1;
            for (int i = 0; i < text.length(); i++) {
                boolean newLine = text.charAt(i) == '\n';
                line += newLine ? 1 : 0;
                column = newLine ? 1 : column + 1;
            }
            throw new UnreadableYaml(line, column, "not valid " + charset.name());
        }
        return text;
    }

    private static void check(String text) throws UnreadableYaml {
        int line = 1;
        int lineStart = 0;
        int documentStart = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
                line++;
                lineStart = i + 1;
                // Three dashes at the start of a line begin a document wherever they stand, even in a block scalar.
                documentStart = text.startsWith("---", lineStart) ? lineStart : documentStart;
            } else if (!allowed(text, i)) {
                throw new UnreadableYaml(
                        line, i - lineStart + 1, String.format("character U+%04X is not allowed in YAML", (int) c));
            }
            if (i - documentStart > MAX_DOCUMENT && tooLong(text, documentStart, i)) {
                throw new UnreadableYaml(
                        line, i - lineStart + 1, "document is longer than " + MAX_DOCUMENT + " characters");
            }
        }
    }

    private static boolean tooLong(String text, int from, int to) {
        return text.codePointCount(from, to) > MAX_DOCUMENT;
    }

    private static boolean allowed(String text, int i) {
        char c = text.charAt(i);
        if (c < 0xA0) {
            return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == 0x85;
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return c <= 0xFFFD;
    }
}
