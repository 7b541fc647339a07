package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Envoy's response flags of an exchange, joined with a comma in Envoy's order; {@code -} for none. */
public final class ResponseFlags {
    private static final String DELAY_INJECTED = "DI";
    private static final String RETRY_LIMIT = "URX";
    private static final String UNREACHED = "UF," + RETRY_LIMIT;
    private static final String OVERFLOW = "UO";
    /** Values of {@link #notes}. */
    static final int NOTES = 8;

    /** Flags that Envoy lists after URX; all others but these come before DI. */
    private static final Set<String> LAST = Set.of("SI", "DPE", "UPE", "NC", "OM");

    private static final Set<String> MIDDLE = Set.of("FI", "DC");

    /** By the notes. */
    private static final String[] WITHOUT_CODE = allNotes("-");

    private static final EnumMap<ErrorCode, String[]> BY_CODE = new EnumMap<>(ErrorCode.class);

    static {
        for (ErrorCode code : ErrorCode.values()) {
            BY_CODE.put(code, allNotes(code.flag()));
        }
    }

    private ResponseFlags() {}

    /** The flags of an exchange that ended. */
    public static String of(Exchange exchange) {
        ProxyError error = exchange.error();
        return of(error == null ? null : error.code(), notes(exchange));
    }

    /** The flags of a connection of bytes that ended. Its one connect is the last one too, which is URX in Envoy. */
    public static String of(TcpSession session) {
        ProxyError error = session.error();
        if (error == null) {
            return "-";
        }
        boolean unreached = error.code() == ErrorCode.CONNECT_FAILED || error.code() == ErrorCode.CONNECT_TIMEOUT;
        return unreached ? UNREACHED : error.code().flag();
    }

    /** What may stand beside the flag of an error, as a small number: a key of metrics. */
    static int notes(Exchange exchange) {
        return (exchange.delayInjected() ? 1 : 0)
                + (exchange.retryLimitReached() ? 2 : 0)
                + (exchange.retryOverflowed() ? 4 : 0);
    }

    static String of(@Nullable ErrorCode code, int notes) {
        String[] known = code == null ? null : BY_CODE.get(code);
        return known == null ? WITHOUT_CODE[notes] : known[notes];
    }

    private static String[] allNotes(String flag) {
        String[] all = new String[NOTES];
        Arrays.setAll(all, notes -> join(flag, notes));
        return all;
    }

    private static String join(String flag, int notes) {
        StringBuilder joined = new StringBuilder();
        boolean none = flag.equals("-");
        if (!none && !MIDDLE.contains(flag) && !LAST.contains(flag)) {
            joined.append(flag);
        }
        if ((notes & 4) != 0 && !flag.equals(OVERFLOW)) {
            append(joined, OVERFLOW);
        }
        if ((notes & 1) != 0) {
            append(joined, DELAY_INJECTED);
        }
        if (MIDDLE.contains(flag)) {
            append(joined, flag);
        }
        if ((notes & 2) != 0) {
            append(joined, RETRY_LIMIT);
        }
        if (LAST.contains(flag)) {
            append(joined, flag);
        }
        return joined.isEmpty() ? "-" : joined.toString();
    }

    private static void append(StringBuilder joined, String flag) {
        if (!joined.isEmpty()) {
            joined.append(',');
        }
        joined.append(flag);
    }
}
