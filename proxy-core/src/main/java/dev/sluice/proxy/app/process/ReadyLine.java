package dev.sluice.proxy.app.process;

import java.io.StringWriter;

/** Standard output of a {@code run} in this process: holds what was printed, and tells when the ready line was. */
public final class ReadyLine extends StringWriter {
    private static final String ADMIN = " admin=";

    private boolean closed;

    /** Waits for the ready line; false when the run ended without one. */
    public synchronized boolean await() throws InterruptedException {
        while (end() < 0 && !closed) {
            wait();
        }
        return end() >= 0;
    }

    /** The port that the ready line names; 0 where the admin port is off. */
    public synchronized int adminPort() {
        String address = toString().substring(0, end());
        address = address.substring(address.lastIndexOf(ADMIN) + ADMIN.length()).trim();
        return address.equals("off") ? 0 : Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Where the ready line ends; -1 when it is not there yet. */
    private int end() {
        String text = toString();
        int admin = text.indexOf(ADMIN);
        return admin < 0 ? -1 : text.indexOf('\n', admin);
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
