package dev.sluice.config.plan.words;

/**
 * A file, or a stretch of whole documents of it, as the origin of the places in it. When lines before a stretch come or go
 * and its own text stays, it {@link #moveTo moves}, and every place in it moves along: what was made of the text, plans in
 * force included, need not be made anew to be found again. That is the one thing of a plan that ever changes, and places are
 * no part of a plan's equality.
 *
 * <p>Any thread; moved by the one that reads the file.
 */
public final class SourcePart {
    private final String file;
    private volatile int linesBefore;

    /** A whole file, by its path as the user gave it. */
    public SourcePart(String file) {
        this(file, 0);
    }

    /**
     * A stretch of a file.
     *
     * @param linesBefore how many lines of the file there are before it
     */
    public SourcePart(String file, int linesBefore) {
        this.file = file;
        this.linesBefore = linesBefore;
    }

    /** The file's path as the user gave it. */
    public String file() {
        return file;
    }

    /** How many lines of the file there are before it now. */
    public int linesBefore() {
        return linesBefore;
    }

    /** From now on there are so many lines before it. */
    public void moveTo(int lines) {
        linesBefore = lines;
    }
}
