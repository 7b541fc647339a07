package dev.sluice.proxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message and its parameters. */
class LogPatternTest {
    private static String fill(String pattern, @Nullable Object... parameters) {
        return LogPattern.fill(pattern, parameters);
    }

    @AfterEach
    void giveBack() {
        Logs.sendTo(null);
    }

    @Test
    void parametersTakeTheirPlaces() {
        assertEquals("b, a and b", fill("{1}, {0} and {1}", "a", "b"));
        assertEquals("the twelfth", fill("the {11}", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "twelfth"));
        assertEquals("null", fill("{0}", (Object) null));
    }

    /** A port is no quantity, and a log is read by programs. */
    @Test
    void aNumberHasNoCommas() {
        assertEquals("127.0.0.1:15001 took 1234.5 ms", fill("127.0.0.1:{0} took {1} ms", 15001, 1234.5));
    }

    @Test
    void twoApostrophesAreOne() {
        assertEquals("clients' addresses of a", fill("clients'' addresses of {0}", "a"));
    }

    @Test
    void whatIsBetweenApostrophesIsNoPlace() {
        assertEquals("{0} of a", fill("'{0}' of {0}", "a"));
        assertEquals("the rest {0}", fill("the rest '{0}", "a"));
    }

    @Test
    void aParameterIsNoPattern() {
        assertEquals("{1} it's b", fill("{0} {1}", "{1} it's", "b"));
    }

    @Test
    void whatIsNoPlaceStaysAsItIs() {
        assertEquals("{} {a} {0,number} {-1} {2} {100} { a", fill("{} {a} {0,number} {-1} {2} {100} { {0}", "a"));
        assertEquals("{", fill("{", "a"));
        assertEquals("{}", fill("{}", "a"));
    }

    @Test
    void aLoggerFillsInWhatItIsGivenAndNothingElse() {
        StringBuilder told = new StringBuilder();
        Logs.sendTo(new LogTarget() {
            @Override
            public boolean takes(String logger, Level level) {
                return true;
            }

            @Override
            public void write(String logger, Level level, @Nullable String message, @Nullable Throwable thrown) {
                told.append(message).append('|');
            }
        });
        System.Logger logger = Logs.of(LogPatternTest.class);
        logger.log(Level.INFO, "the app''s {0}", 1500);
        logger.log(Level.INFO, "the app's {0}");
        assertEquals("the app's 1500|the app's {0}|", told.toString());
    }
}
