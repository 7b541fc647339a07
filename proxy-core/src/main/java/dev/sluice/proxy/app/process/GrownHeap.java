package dev.sluice.proxy.app.process;

/**
 * Gives back what loading a large configuration has made the heap grow by. Its trees have become old by the time they are let
 * go of, the serial collector takes its time to look at what is old, and only then a heap shrinks: without this the process
 * would stay as large as it was at its largest. Everything stops for the length of one full collection (60 ms for 10,000
 * VirtualServices), so it is for large configurations only, and for one load in several where each leaves little. Used by one
 * thread.
 */
final class GrownHeap {
    /** Less is not worth a stop. */
    private static final long WORTHWHILE = 32 * 1024 * 1024;

    private final Runtime runtime = Runtime.getRuntime();
    /** How large it was after the last collection. */
    private long settled;

    /** The trees of a large configuration are garbage. */
    void released() {
        if (runtime.totalMemory() - settled >= WORTHWHILE) {
            System.gc();
            settled = runtime.totalMemory();
        }
    }
}
