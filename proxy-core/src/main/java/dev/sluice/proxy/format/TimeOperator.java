package dev.sluice.proxy.format;

import static java.time.temporal.ChronoField.AMPM_OF_DAY;
import static java.time.temporal.ChronoField.CLOCK_HOUR_OF_AMPM;
import static java.time.temporal.ChronoField.DAY_OF_MONTH;
import static java.time.temporal.ChronoField.DAY_OF_WEEK;
import static java.time.temporal.ChronoField.DAY_OF_YEAR;
import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.INSTANT_SECONDS;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;
import static java.time.temporal.ChronoField.NANO_OF_SECOND;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;
import static java.time.temporal.ChronoField.YEAR;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * START_TIME and START_TIME(format): strftime's conversions in UTC, with Envoy's {@code %s} (seconds since the epoch), {@code
 * %f} (nanoseconds), {@code %3f} (as many digits of the fraction), {@code %E3S} (seconds with them) and {@code %Ez} (the offset
 * with a colon).
 */
public final class TimeOperator {
    private static final String DEFAULT_FORMAT = "%Y-%m-%dT%H:%M:%E3SZ";
    private static final int NANO_DIGITS = 9;

    private TimeOperator() {}

    static Operator of(@Nullable String format) {
        DateTimeFormatter formatter = compile(format == null || format.isEmpty() ? DEFAULT_FORMAT : format);
        return (source, to) -> {
            formatter.formatTo(Instant.ofEpochMilli(source.startedMillis()).atOffset(ZoneOffset.UTC), to);
            return true;
        };
    }

    /**
     * A format as one of Java's, for times that know their offset.
     *
     * @throws IllegalArgumentException for a conversion that there is not
     */
    public static DateTimeFormatter compile(String format) {
        DateTimeFormatterBuilder to = new DateTimeFormatterBuilder();
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                to.appendLiteral(c);
                continue;
            }
            int start = at;
            int digits = -1;
            boolean extended = at < format.length() && format.charAt(at) == 'E';
            if (extended) {
                at++;
            }
            if (at < format.length() && Character.digit(format.charAt(at), 10) >= 0) {
                digits = format.charAt(at++) - '0';
            }
            char conversion = at < format.length() ? format.charAt(at++) : 0;
            boolean known = (extended || digits >= 0)
                    ? appendModified(to, extended, digits, conversion)
                    : append(to, conversion);
            if (!known) {
                throw new IllegalArgumentException(
                        "operator %START_TIME% does not know the conversion %" + format.substring(start, at));
            }
        }
        return to.toFormatter(Locale.ENGLISH);
    }

    private static boolean appendModified(DateTimeFormatterBuilder to, boolean extended, int digits, char conversion) {
        if (extended && conversion == 'z' && digits < 0) {
            to.appendOffset("+HH:MM", "+00:00");
            return true;
        }
        if (extended && conversion == 'S' && digits >= 0) {
            to.appendValue(SECOND_OF_MINUTE, 2);
            if (digits > 0) {
                to.appendFraction(NANO_OF_SECOND, digits, digits, true);
            }
            return true;
        }
        if (!extended && conversion == 'f' && digits > 0) {
            to.appendFraction(NANO_OF_SECOND, digits, digits, false);
            return true;
        }
        return false;
    }

    private static boolean append(DateTimeFormatterBuilder to, char conversion) {
        switch (conversion) {
            case 'Y' -> to.appendValue(YEAR, 4);
            case 'y' -> to.appendValueReduced(YEAR, 2, 2, 2000);
            case 'm' -> to.appendValue(MONTH_OF_YEAR, 2);
            case 'd' -> to.appendValue(DAY_OF_MONTH, 2);
            case 'e' -> to.padNext(2).appendValue(DAY_OF_MONTH);
            case 'H' -> to.appendValue(HOUR_OF_DAY, 2);
            case 'k' -> to.padNext(2).appendValue(HOUR_OF_DAY);
            case 'I' -> to.appendValue(CLOCK_HOUR_OF_AMPM, 2);
            case 'l' -> to.padNext(2).appendValue(CLOCK_HOUR_OF_AMPM);
            case 'M' -> to.appendValue(MINUTE_OF_HOUR, 2);
            case 'S' -> to.appendValue(SECOND_OF_MINUTE, 2);
            case 'j' -> to.appendValue(DAY_OF_YEAR, 3);
            case 'p' -> to.appendText(AMPM_OF_DAY);
            case 'u' -> to.appendValue(DAY_OF_WEEK, 1);
            case 'a' -> name(to, DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> name(to, DAY_OF_WEEK, TextStyle.FULL);
            case 'b', 'h' -> name(to, MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> name(to, MONTH_OF_YEAR, TextStyle.FULL);
            case 'z' -> to.appendOffset("+HHMM", "+0000");
            case 'Z' -> to.appendLiteral("UTC");
            case 's' -> to.appendValue(INSTANT_SECONDS, 1, 19, SignStyle.NORMAL);
            case 'f' -> to.appendFraction(NANO_OF_SECOND, NANO_DIGITS, NANO_DIGITS, false);
            case 'T', 'X' -> to.append(compile("%H:%M:%S"));
            case 'R' -> to.append(compile("%H:%M"));
            case 'r' -> to.append(compile("%I:%M:%S %p"));
            case 'F' -> to.append(compile("%Y-%m-%d"));
            case 'D', 'x' -> to.append(compile("%m/%d/%y"));
            case 'c' -> to.append(compile("%a %b %e %T %Y"));
            case 'n' -> to.appendLiteral('\n');
            case 't' -> to.appendLiteral('\t');
            case '%' -> to.appendLiteral('%');
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void name(DateTimeFormatterBuilder to, ChronoField field, TextStyle style) {
        to.appendText(field, style);
    }
}
