package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.format.TimeOperator;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.line.LogLine;
import dev.sluice.proxy.telemetry.line.UtcSecond;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code %START_TIME(FORMAT)%}: when the request or connection began, in UTC. The conversions that formats usually have are
 * written here, without garbage; a format that has others is {@link TimeOperator}'s. Milliseconds are known, further digits are
 * zeros.
 */
final class StartTime implements LogField {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final int FULL_FRACTION = 9;

    private interface Part {
        void write(LogLine line, LocalDateTime at, long epochMillis);
    }

    private final Part[] parts;

    private StartTime(List<Part> parts) {
        this.parts = parts.toArray(Part[]::new);
    }

    static LogField field(@Nullable String format) {
        if (format == null || format.isEmpty()) {
            return Fact.ISO_START_TIME.or((session, line) -> {
                line.utc().writeIso(line, session.startedMillis());
                return true;
            });
        }
        return new StartTime(parse(format));
    }

    @Override
    public boolean write(Exchange exchange, LogLine line) {
        return write(exchange.startedMillis(), line);
    }

    @Override
    public boolean write(TcpSession session, LogLine line) {
        return write(session.startedMillis(), line);
    }

    private boolean write(long epochMillis, LogLine line) {
        LocalDateTime at = line.utc().at(Math.floorDiv(epochMillis, 1000L));
        for (Part part : parts) {
            part.write(line, at, epochMillis);
        }
        return true;
    }

    private static List<Part> parse(String format) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                parts.add(text(c));
                continue;
            }
            char letter = ++i < format.length() ? format.charAt(i) : '\0';
            if (letter >= '1' && letter <= '9' && i + 1 < format.length() && format.charAt(i + 1) == 'f') {
                parts.add(fraction(letter - '0'));
                i++;
            } else {
                Part usual = part(letter);
                if (usual == null) {
                    return List.of(formatted(format));
                }
                parts.add(usual);
            }
        }
        return parts;
    }

    private static Part formatted(String format) {
        DateTimeFormatter formatter;
        try {
            formatter = TimeOperator.compile(format);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("access log format: " + e.getMessage(), e);
        }
        // Only names and digits depend on the time.
        text(0, formatter).chars().forEach(c -> requirePrintable((char) c));
        return (line, at, millis) -> line.raw(text(millis, formatter));
    }

    private static String text(long epochMillis, DateTimeFormatter formatter) {
        return formatter.format(Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC));
    }

    private static Part text(char c) {
        requirePrintable(c);
        return (line, at, millis) -> line.raw(c);
    }

    private static void requirePrintable(char c) {
        if (c < ' ' || c > '~') {
            throw new IllegalArgumentException("access log format: %START_TIME%: only printable ASCII is allowed");
        }
    }

    /** Null for a conversion that is written by a formatter. */
    private static @Nullable Part part(char letter) {
        return switch (letter) {
            case 'Y' -> (line, at, millis) -> line.padded(at.getYear(), 4);
            case 'y' -> (line, at, millis) -> line.padded(at.getYear(), 2);
            case 'm' -> (line, at, millis) -> line.padded(at.getMonthValue(), 2);
            case 'b' -> (line, at, millis) -> line.raw(MONTHS[at.getMonthValue() - 1]);
            case 'd' -> (line, at, millis) -> line.padded(at.getDayOfMonth(), 2);
            case 'a' -> (line, at, millis) -> line.raw(DAYS[at.getDayOfWeek().getValue() - 1]);
            case 'j' -> (line, at, millis) -> line.padded(at.getDayOfYear(), 3);
            case 'H' -> (line, at, millis) -> line.padded(at.getHour(), 2);
            case 'M' -> (line, at, millis) -> line.padded(at.getMinute(), 2);
            case 'S' -> (line, at, millis) -> line.padded(at.getSecond(), 2);
            case 'F' -> (line, at, millis) -> UtcSecond.writeDate(line, at);
            case 'T' -> (line, at, millis) -> UtcSecond.writeTime(line, at);
            case 's' -> (line, at, millis) -> line.number(Math.floorDiv(millis, 1000L));
            case 'f' -> fraction(FULL_FRACTION);
            case 'z' -> (line, at, millis) -> line.raw("+0000");
            case 'Z' -> (line, at, millis) -> line.raw("UTC");
            case '%' -> (line, at, millis) -> line.raw('%');
            default -> null;
        };
    }

    private static Part fraction(int digits) {
        return (line, at, epochMillis) -> {
            int millis = (int) Math.floorMod(epochMillis, 1000L);
            switch (digits) {
                case 1 -> line.padded(millis / 100, 1);
                case 2 -> line.padded(millis / 10, 2);
                default -> {
                    line.padded(millis, 3);
                    for (int i = 3; i < digits; i++) {
                        line.raw('0');
                    }
                }
            }
        };
    }
}
