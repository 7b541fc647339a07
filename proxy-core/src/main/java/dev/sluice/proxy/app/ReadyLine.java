package dev.sluice.proxy.app;

import java.io.StringWriter;

/** Standard output of a {@code run} in this process: holds what was printed, and tells when the ready line was. */
final class ReadyLine extends StringWriter {
    private static final String ADMIN = " admin=";

    private boolean closed;

    /** The port that the ready line names; 0 when the run ended without one. */
    synchronized int awaitAdminPort() throws InterruptedException {
        while (true) {
            String text = toString();
            int admin = text.indexOf(ADMIN);
            int end = text.indexOf('\n', Math.max(0, admin));
            if (admin >= 0 && end >= 0) {
                return Integer.parseInt(
                        text.substring(text.lastIndexOf(':', end) + 1, end).trim());
            }
            if (closed) {
                return 0;
            }
            wait();
        }
    }

    @Override
    public synchronized void flush() {
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
