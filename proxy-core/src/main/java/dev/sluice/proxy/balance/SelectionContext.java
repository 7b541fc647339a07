package dev.sluice.proxy.balance;

/** What a pick may depend on, apart from the endpoints. */
public interface SelectionContext {
    /** Whether {@link #hash()} is the hash of a key; otherwise a hash balancer picks at random. */
    boolean hasHash();

    /** Hash of the consistent hash key. */
    long hash();

    /** Number of the try, from 0. */
    int attempt();

    /** A context without key, for the first try. */
    SelectionContext NONE = new SelectionContext() {
        @Override
        public boolean hasHash() {
            return false;
        }

        @Override
        public long hash() {
            return 0;
        }

        @Override
        public int attempt() {
            return 0;
        }
    };
}
