package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.HeaderPlan.Entry;
import dev.sluice.config.plan.HeaderPlan.Operations;
import dev.sluice.proxy.stream.Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/**
 * One compiled list of header operations (spec/istio-fields.md §1.3): all removals, then every value computed from the
 * headers as they are, then every set, then every add. A value that comes out empty is passed over. Immutable.
 */
final class HeaderOperations {
    private final AsciiString[] remove;
    private final AsciiString[] names;
    private final ValueFormat[] values;
    private final int sets;

    /**
     * Compiles the concatenation of {@code lists} in order.
     *
     * @throws IllegalArgumentException when a value's operators are malformed or unknown
     */
    HeaderOperations(Operations... lists) {
        List<AsciiString> removed = new ArrayList<>();
        List<AsciiString> changed = new ArrayList<>();
        List<ValueFormat> formats = new ArrayList<>();
        for (Operations list : lists) {
            list.remove().forEach(name -> removed.add(AsciiString.cached(name)));
            compile(list.set(), changed, formats);
        }
        this.sets = changed.size();
        for (Operations list : lists) {
            compile(list.add(), changed, formats);
        }
        this.remove = removed.toArray(new AsciiString[0]);
        this.names = changed.toArray(new AsciiString[0]);
        this.values = formats.toArray(new ValueFormat[0]);
    }

    private static void compile(List<Entry> entries, List<AsciiString> names, List<ValueFormat> values) {
        for (Entry entry : entries) {
            names.add(AsciiString.cached(entry.name()));
            values.add(ValueFormat.compile(entry.value()));
        }
    }

    void apply(Headers headers, FormatContext context) {
        for (AsciiString name : remove) {
            headers.remove(name);
        }
        String[] computed = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            computed[i] = values[i].evaluate(context);
        }
        for (int i = 0; i < computed.length; i++) {
            if (computed[i].isEmpty()) {
                continue;
            }
            if (i < sets) {
                headers.set(names[i], computed[i]);
            } else {
                headers.add(names[i], computed[i]);
            }
        }
    }
}
