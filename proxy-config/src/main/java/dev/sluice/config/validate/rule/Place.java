package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.tree.ListNode;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.crd.tree.NodePath;
import org.jspecify.annotations.Nullable;

/**
 * A value of a document: a mapping, and steps down from it. Cheap to make and looked up only when something is wrong
 * there. Where a step leads nowhere (a key that is missing) the place is that of the step before.
 */
public final class Place {
    private final @Nullable Place up;
    private final MapNode part;
    private final @Nullable String key;
    private final int index;
    private final boolean ofKey;

    private Place(@Nullable Place up, MapNode part, @Nullable String key, int index, boolean ofKey) {
        this.up = up;
        this.part = part;
        this.key = key;
        this.index = index;
        this.ofKey = ofKey;
    }

    /** A mapping itself: a record's {@code at}. */
    public static Place of(MapNode part) {
        return new Place(null, part, null, -1, false);
    }

    /** The value of a mapping's key. */
    public static Place of(MapNode part, String field) {
        return of(part).field(field);
    }

    /** The value of {@code key} in here. */
    public Place field(String key) {
        return new Place(this, part, key, -1, false);
    }

    /** The key {@code key} in here, rather than its value. */
    public Place key(String key) {
        return new Place(this, part, key, -1, true);
    }

    /** Item number {@code index} of the list here. */
    public Place item(int index) {
        return new Place(this, part, null, index, false);
    }

    /** The mapping that the steps begin at. */
    MapNode part() {
        return part;
    }

    /** Where it is written. */
    public Location location() {
        Place parent = up;
        if (parent == null) {
            return part.location();
        }
        Node above = parent.node();
        if (ofKey && key != null && above instanceof MapNode map && map.get(key) != null) {
            return map.key(key);
        }
        Node here = node();
        return here == null ? parent.location() : here.location();
    }

    /** {@code base}, the path of the mapping, with the steps appended. */
    String path(String base) {
        if (up == null) {
            return base;
        }
        String above = up.path(base);
        return key != null ? NodePath.child(above, key) : NodePath.item(above, index);
    }

    private @Nullable Node node() {
        if (up == null) {
            return part;
        }
        Node above = up.node();
        if (key != null) {
            return above instanceof MapNode map ? map.get(key) : null;
        }
        return above instanceof ListNode list && index < list.items().size()
                ? list.items().get(index)
                : null;
    }
}
