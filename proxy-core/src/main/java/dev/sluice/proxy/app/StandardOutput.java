package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Standard output. A reader that has left, such as {@code head}, has had what it wanted; any other failure counts. */
final class StandardOutput extends OutputStream {
    private static final String READER_LEFT = "Broken pipe";

    private final OutputStream file;

    StandardOutput(OutputStream file) {
        this.file = file;
    }

    /** That of this process. */
    static PrintWriter writer() {
        OutputStream out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    /** Ends what a command is run for: half of a manifest looks like a whole one to whom it is given next. */
    static void whole(PrintWriter out) throws UserError {
        if (out.checkError()) {
            throw new UserError(ExitCodes.REFUSED, "standard output cannot be written; what is there is not all of it");
        }
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        try {
            file.write(octets, offset, length);
        } catch (IOException e) {
            if (!READER_LEFT.equals(e.getMessage())) {
                throw e;
            }
        }
    }
}
