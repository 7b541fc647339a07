package dev.sluice.proxy.telemetry.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.telemetry.Traffic;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Nothing that a client, an upstream or a configuration says breaks out of its field (spec/reliability.md E10). */
class LogInjectionTest {
    private static final Destination REVIEWS = Traffic.destination("reviews", null, Map.of());

    @Property(tries = 300)
    void aTextLineKeepsItsFieldsWhateverIsInThem(
            @ForAll String path, @ForAll String agent, @ForAll String serverName, @ForAll String authority) {
        Written written = new Written(LogFormat.of(ProxySettingsPlan.DEFAULTS));
        exchange(written, path, agent, serverName, authority);
        List<String> fields = fields(written.line());
        assertEquals(23, fields.size(), () -> "fields: " + fields);
        assertEquals(3, fields.get(1).split(" ", -1).length, () -> "request line: " + fields.get(1));
        assertEquals("200", fields.get(2));
        assertEquals("-", fields.get(22));
    }

    @Property(tries = 300)
    void aJsonLineGivesBackWhatWasInItWhateverThatIs(
            @ForAll("letters") String path, @ForAll("letters") String agent, @ForAll("letters") String serverName)
            throws JsonProcessingException {
        Written written = new Written(LogFormat.json(LogFormat.DEFAULT_JSON));
        exchange(written, sent(path), sent(agent), sent(serverName), sent(agent));
        JsonNode line = new ObjectMapper().readTree(written.line());
        assertEquals(path, line.get("path").textValue());
        assertEquals(agent, line.get("user_agent").textValue());
        assertEquals(serverName, line.get("requested_server_name").textValue());
        assertEquals(25, line.size());
    }

    /** What UTF-8 can say, which half a surrogate pair is not. */
    @Provide
    Arbitrary<String> letters() {
        return Arbitraries.strings().map(any -> new String(any.getBytes(UTF_8), UTF_8));
    }

    /** As it comes from the wire: a character for each octet. */
    private static String sent(String letters) {
        return new String(letters.getBytes(UTF_8), ISO_8859_1);
    }

    @Test
    void credentialsAreNeverWrittenEvenWhenAskedFor() {
        Written written = Written.text("%REQ(Authorization)% \"%REQ(COOKIE)%\" %REQ(x-missing?authorization)%"
                + " %RESP(set-cookie)% %REQ(Proxy-Authorization)% %TRAILER(set-cookie)%");
        Traffic traffic = new Traffic(written);
        Exchange exchange = traffic.start(Traffic.get("/", "Authorization", "Bearer s3cr3t", "Cookie", "session=s3cr3t")
                .build());
        traffic.answer(exchange, REVIEWS, 200, "Set-Cookie", "session=s3cr3t");
        assertFalse(written.line().contains("s3cr3t"), written.line());
        assertEquals("[redacted] \"[redacted]\" [redacted] [redacted] - -", written.line());
    }

    @Test
    void anEndlessHeaderDoesNotMakeAnEndlessLine() {
        Written written = new Written(LogFormat.json(LogFormat.DEFAULT_JSON));
        String endless = "\u0001".repeat(60_000);
        exchange(written, "/" + endless, endless, endless, endless);
        assertTrue(
                written.line().length() < 64 * 1024, "length: " + written.line().length());
        assertTrue(written.line().endsWith("\"sluice_code\":null}"), "structure was cut");
    }

    private static void exchange(Written written, String path, String agent, String serverName, String authority) {
        Traffic traffic = new Traffic(written).from(new InetSocketAddress("10.0.0.9", 1), serverName);
        RequestHead request = Traffic.get(path, "user-agent", agent, "x-forwarded-for", agent)
                .authority(authority)
                .build();
        traffic.answer(traffic.start(request), REVIEWS, 200);
    }

    /** Splits a line by spaces, outside of quotes and brackets. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                field.append(c).append(line.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
