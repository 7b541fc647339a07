package dev.sluice.proxy.telemetry.line;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * One of the process's own streams, as a sink's target: closing it leaves the process's stream open. Unlike {@link
 * System#out} it tells when a write fails.
 */
public final class StandardStream extends FilterOutputStream {
    private StandardStream(FileDescriptor descriptor) {
        super(new FileOutputStream(descriptor));
    }

    /** Standard output. */
    public static OutputStream out() {
        return new StandardStream(FileDescriptor.out);
    }

    /** Standard error. */
    public static OutputStream err() {
        return new StandardStream(FileDescriptor.err);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
