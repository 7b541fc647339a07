package dev.sluice.proxy.admin.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The annotations of a pod as Istio's injector hands them on. */
class AppMetricsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"scrape\":\"true\",\"path\":\"/m?a=b\",\"port\":\"9090\"} | 9090 | /m?a=b",
                "{\"scrape\":\"\",\"path\":\"\",\"port\":\"\"} | 80 | /metrics",
                "{} | 80 | /metrics",
                "{\"port\":8080,\"scrape\":true,\"path\":\"m\"} | 8080 | /m"
            })
    void whatIsMissingIsIstios(String json, int port, String path) {
        assertEquals(new AppMetrics(port, path), AppMetrics.parse(json));
    }

    @Test
    void whoDoesNotWantToBeScrapedIsNot() {
        assertNull(AppMetrics.parse("{\"scrape\":\"false\",\"port\":\"9090\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "{\"port\":\"http\"}",
                "{\"port\":\"0\"}",
                "{\"port\":\"70000\"}",
                "{\"path\":\"/a b\"}",
                "{\"path\":\"/a\\r\\nX: y\"}"
            })
    void whatMakesNoSenseIsRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> AppMetrics.parse(json));
    }
}
