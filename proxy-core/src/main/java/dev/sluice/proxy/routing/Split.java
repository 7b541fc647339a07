package dev.sluice.proxy.routing;

import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.RequestHead;

/** A crowded bucket, indexed in turn by what most of its rules ask of a request. Immutable. */
sealed interface Split {
    /** Adds the rules that {@code head} may satisfy. */
    void collect(RequestHead head, int pathEnd, Buckets buckets, Candidates into);

    /**
     * By the exact value that rules ask of one field.
     *
     * @param values to the bucket of the rules that ask for it
     * @param rest bucket of the rules that do not ask for an exact value of this field
     */
    record ByValue(RequestField field, FoldedTable values, int rest) implements Split {
        @Override
        public void collect(RequestHead head, int pathEnd, Buckets buckets, Candidates into) {
            CharSequence value = field.read(head, pathEnd);
            if (value != null) {
                buckets.collect(values.get(value, 0, value.length()), head, pathEnd, into);
                if (field.source() == RequestField.Source.HEADER
                        && head.headers().isSeveral(field.name())) {
                    for (CharSequence one : head.headers().getAll(field.name())) {
                        buckets.collect(values.get(one, 0, one.length()), head, pathEnd, into);
                    }
                }
            }
            buckets.collect(rest, head, pathEnd, into);
        }
    }

    /**
     * By the rarest of the headers that a rule asks for, whatever its value: for rules that each name another header.
     *
     * @param names to the bucket of the rules that need that header
     * @param rest bucket of the rules that need no header
     */
    record ByName(FoldedTable names, int rest) implements Split {
        @Override
        public void collect(RequestHead head, int pathEnd, Buckets buckets, Candidates into) {
            head.headers()
                    .forEach((name, value) -> buckets.collect(names.get(name, 0, name.length()), head, pathEnd, into));
            buckets.collect(rest, head, pathEnd, into);
        }
    }
}
