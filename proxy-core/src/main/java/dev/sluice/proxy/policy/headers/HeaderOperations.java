package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.HeaderPlan.Operations;
import dev.sluice.config.plan.words.FramingHeaders;
import dev.sluice.proxy.format.FormatSource;
import dev.sluice.proxy.match.AsciiCase;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of header operations as Envoy's parser makes it (spec/istio-fields.md §1.3, rules 2 to 4): remove all that is
 * listed, compute all values from the headers as they are now, set, add. A value that comes out empty is skipped. Immutable.
 *
 * <p>Names that frame a message or belong to one connection are left alone, for the codecs own them ({@link
 * FramingHeaders}); {@code check} tells it.
 */
final class HeaderOperations {
    private final AsciiString[] removed;
    private final Entry[] set;
    private final Entry[] added;
    private final boolean constant;

    private record Entry(AsciiString name, HeaderValue value) {}

    /**
     * Compiles one run.
     *
     * @throws IllegalArgumentException for {@code host}, a pseudo header, or a value that is none
     */
    HeaderOperations(Operations list) {
        List<AsciiString> names = new ArrayList<>();
        List<Entry> sets = new ArrayList<>();
        List<Entry> adds = new ArrayList<>();
        for (String name : list.remove()) {
            if (isOurs(name)) {
                names.add(AsciiString.cached(AsciiCase.fold(name)));
            }
        }
        compile(list.set(), sets);
        compile(list.add(), adds);
        this.removed = names.toArray(new AsciiString[0]);
        this.set = sets.toArray(new Entry[0]);
        this.added = adds.toArray(new Entry[0]);
        this.constant = sets.stream().allMatch(entry -> entry.value.isConstant())
                && adds.stream().allMatch(entry -> entry.value.isConstant());
    }

    private static void compile(List<HeaderPlan.Entry> plan, List<Entry> to) {
        for (HeaderPlan.Entry entry : plan) {
            if (!isOurs(entry.name())) {
                continue;
            }
            try {
                to.add(new Entry(AsciiString.cached(AsciiCase.fold(entry.name())), HeaderValue.compile(entry.value())));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("header " + entry.name() + ": " + e.getMessage(), e);
            }
        }
    }

    private static boolean isOurs(String name) {
        if (name.startsWith(":") || AsciiCase.fold(name).equals("host")) {
            throw new IllegalArgumentException("header " + name + " is no header but a field of the head");
        }
        return !FramingHeaders.contains(name);
    }

    /** Edits {@code headers} in place. */
    void apply(Headers headers, FormatSource source) {
        for (AsciiString name : removed) {
            headers.remove(name);
        }
        if (constant) {
            set(headers, source);
            add(headers, source);
        } else {
            applyComputed(headers, source);
        }
    }

    private void set(Headers headers, FormatSource source) {
        for (Entry entry : set) {
            String value = entry.value.of(source);
            if (!value.isEmpty()) {
                headers.set(entry.name, value);
            }
        }
    }

    private void add(Headers headers, FormatSource source) {
        for (Entry entry : added) {
            String value = entry.value.of(source);
            if (!value.isEmpty()) {
                headers.add(entry.name, value);
            }
        }
    }

    /** All values first: one that copies a header must see it before another entry overwrites it. */
    private void applyComputed(Headers headers, FormatSource source) {
        String[] values = new String[set.length + added.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i < set.length ? set[i] : added[i - set.length]).value.of(source);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i].isEmpty()) {
                continue;
            }
            if (i < set.length) {
                headers.set(set[i].name, values[i]);
            } else {
                headers.add(added[i - set.length].name, values[i]);
            }
        }
    }
}
