package dev.sluice.config.crd.tree;

import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.words.SourcePart;
import java.util.List;

/** A YAML sequence. */
public final class ListNode implements Node {
    private final SourcePart part;
    private final int line;
    private final int column;
    private final List<Node> items;

    /**
     * @param at where the sequence begins
     * @param items in order
     */
    public ListNode(Location at, List<Node> items) {
        this(new SourcePart(at.file()), at.line(), at.column(), items);
    }

    ListNode(SourcePart part, int line, int column, List<Node> items) {
        this.part = part;
        this.line = line;
        this.column = column;
        this.items = List.copyOf(items);
    }

    /** In order; null items are {@link ScalarNode}s. */
    public List<Node> items() {
        return items;
    }

    @Override
    public Location location() {
        return new Location(part.file(), part.linesBefore() + line, column);
    }

    @Override
    public SourceRef ref() {
        return new SourceRef(part, line, column);
    }

    @Override
    public String describe() {
        return "a list";
    }

    @Override
    public boolean equals(Object other) {
        return other == this || (other instanceof ListNode list && items.equals(list.items));
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return items.toString();
    }
}
