package dev.sluice.proxy.app;

/** Exit codes of contract.md. */
final class ExitCodes {
    static final int OK = 0;
    /** Configuration refused, errors found, a file missing. */
    static final int REFUSED = 1;

    static final int USAGE = 2;
    static final int CANNOT_BIND = 3;
    static final int NO_ROUTE = 4;

    private ExitCodes() {}
}
