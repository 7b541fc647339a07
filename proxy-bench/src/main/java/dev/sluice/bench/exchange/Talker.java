package dev.sluice.bench.exchange;

import java.io.IOException;

/** A client on one connection. */
interface Talker {
    /**
     * Sends a request and waits for the end of its response.
     *
     * @return the response's status
     */
    int exchange() throws IOException;
}
