package dev.sluice.proxy.app.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void itemsAreSeparatedByCommas() {
        assertEquals(List.of("app=cart", "version=v1"), Environment.items(" app=cart,, version=v1 ,"));
        assertEquals(List.of(), Environment.items(" "));
    }

    @Test
    void commasWithinBracesOrBehindABackslashSeparateNothing() {
        assertEquals(
                List.of(
                        "defaultServiceExportTo={., a}",
                        "accessLogFormat={\"a\": \"{x,y}\", \"b\": 1}",
                        "trustDomain=b"),
                Environment.items(
                        "defaultServiceExportTo={., a},accessLogFormat={\"a\": \"{x,y}\", \"b\": 1},trustDomain=b"));
        assertEquals(List.of("a=1,2", "b=\\.c"), Environment.items("a=1\\,2,b=\\.c"));
        assertEquals(List.of("a=}", "b={1,c=2"), Environment.items("a=},b={1,c=2"));
    }
}
