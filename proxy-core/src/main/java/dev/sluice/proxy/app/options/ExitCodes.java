package dev.sluice.proxy.app.options;

/** Exit codes of contract.md. */
public final class ExitCodes {
    /** All is well. */
    public static final int OK = 0;
    /** Configuration refused, errors found, a file missing. */
    public static final int REFUSED = 1;

    /** The command line makes no sense. */
    public static final int USAGE = 2;

    /** A port is somebody else's. */
    public static final int CANNOT_BIND = 3;

    /** {@code explain} found no route. */
    public static final int NO_ROUTE = 4;

    private ExitCodes() {}
}
