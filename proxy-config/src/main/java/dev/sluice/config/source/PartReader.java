package dev.sluice.config.source;

import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.plan.words.SourcePart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a large file in parts. It is cut only at lines that are {@code ---} and nothing else, which end a document wherever
 * they stand, and only where every part is plain YAML by itself; any other file is read as a whole. Parts are looked for from
 * the front as far as their texts are what they were, then from the end, and what lies between is cut and read anew. For one
 * version of one file.
 */
final class PartReader {
    /** Fewer parts are read sooner than other threads are woken. */
    private static final int MANY = 8;

    private final String file;
    private final byte[] bytes;
    private final LoadedFile.Reading reading;

    PartReader(String file, byte[] bytes, LoadedFile.Reading reading) {
        this.file = file;
        this.bytes = bytes;
        this.reading = reading;
    }

    /** A part of this version: one that was there before, or null and to be read. */
    private record Piece(@Nullable FilePart known, int from, int to, int line, int lines) {}

    /**
     * The parts of the file; null where it has to be read as a whole.
     *
     * @param before of the version before; empty when there is none
     */
    @Nullable
    FileParts read(List<FilePart> before) {
        if (bytes.length <= reading.partBytes()) {
            return null;
        }
        List<Piece> pieces = pieces(before);
        if (pieces.size() < 2) {
            return null;
        }
        long unread = pieces.stream().filter(piece -> piece.known() == null).count();
        IntStream numbers = IntStream.range(0, pieces.size());
        List<@Nullable FilePart> read = Arrays.asList((unread < MANY ? numbers : numbers.parallel())
                .mapToObj(i -> read(pieces.get(i)))
                .toArray(FilePart[]::new));
        List<FilePart> parts = new ArrayList<>(read.size());
        for (FilePart part : read) {
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        boolean moved = false;
        for (int i = 0; i < parts.size(); i++) {
            SourcePart place = parts.get(i).place();
            if (place.linesBefore() != pieces.get(i).line()) {
                place.moveTo(pieces.get(i).line());
                moved = true;
            }
        }
        return new FileParts(parts, moved);
    }

    private @Nullable FilePart read(Piece piece) {
        FilePart known = piece.known();
        if (known != null) {
            return known;
        }
        SourcePart place = new SourcePart(file, piece.line());
        byte[] text = Arrays.copyOfRange(bytes, piece.from(), piece.to());
        FileContent content = reading.reader().readPart(place, text);
        if (content == null) {
            return null;
        }
        return new FilePart(
                place,
                text.length,
                LoadedFile.hash(text, 0, text.length),
                piece.lines(),
                LoadedFile.checked(content, reading.check()),
                new SourceFile(place, true, text, reading));
    }

    /** The file from end to end. */
    private List<Piece> pieces(List<FilePart> before) {
        List<Piece> pieces = new ArrayList<>();
        int first = 0;
        int from = 0;
        int line = 0;
        while (first < before.size() && isAt(before.get(first), from)) {
            FilePart part = before.get(first++);
            pieces.add(piece(part, from, line));
            from += part.length();
            line += part.lines();
        }
        int last = before.size();
        int to = bytes.length;
        while (last > first && isBetween(before.get(last - 1), from, to)) {
            to -= before.get(--last).length();
        }
        line = cut(from, to, line, pieces);
        from = to;
        for (FilePart part : before.subList(last, before.size())) {
            pieces.add(piece(part, from, line));
            from += part.length();
            line += part.lines();
        }
        return pieces;
    }

    /** Whether the bytes before {@code to} are those of {@code part}, and none of them is before {@code from}. */
    private boolean isBetween(FilePart part, int from, int to) {
        return to - part.length() >= from && isAt(part, to - part.length());
    }

    /** One that stayed; to be read again where it is at another line and names its lines. */
    private static Piece piece(FilePart part, int from, int line) {
        boolean stays = part.place().linesBefore() == line || part.isMovable();
        return new Piece(stays ? part : null, from, from + part.length(), line, part.lines());
    }

    /** Whether the bytes from {@code from} on are those of {@code part}, and documents end where it does. */
    private boolean isAt(FilePart part, int from) {
        int to = from + part.length();
        return from >= 0
                && to <= bytes.length
                && isBoundary(from)
                && isBoundary(to)
                && LoadedFile.hash(bytes, from, part.length()) == part.hash();
    }

    private boolean isBoundary(int at) {
        return at == 0
                || at == bytes.length
                || (at + 3 < bytes.length
                        && bytes[at - 1] == '\n'
                        && bytes[at] == '-'
                        && bytes[at + 1] == '-'
                        && bytes[at + 2] == '-'
                        && bytes[at + 3] == '\n');
    }

    /** Cuts what is to be read; returns the number of lines before {@code to}. */
    private int cut(int from, int to, int linesBefore, List<Piece> pieces) {
        int line = linesBefore;
        int start = from;
        while (start < to) {
            int end = (int) Math.min((long) start + reading.partBytes(), to);
            while (end < to && !isBoundary(end)) {
                end++;
            }
            int lines = 0;
            for (int i = start; i < end; i++) {
                lines += bytes[i] == '\n' ? 1 : 0;
            }
            pieces.add(new Piece(null, start, end, line, lines));
            line += lines;
            start = end;
        }
        return line;
    }
}
