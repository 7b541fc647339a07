package dev.sluice.proxy.balance.hash;

import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.proxy.exchange.KeyedRequest;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.stream.headers.WireText;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The value of a cookie. Where the request has none and the policy gives a lifetime, one is made as Envoy makes it
 * (spec/istio-fields.md §2.3): its value is the hash of both ends of the connection, so that requests that race on one
 * connection are given the same; it goes out with the upstream's response, and the request is hashed by it already.
 */
final class CookieKey implements KeySource {
    private static final AsciiString SET_COOKIE = AsciiString.cached("set-cookie");
    private static final HexFormat HEX = HexFormat.of();

    private final String name;
    private final String beforeValue;
    /** What follows the value of a cookie that is made; null where none is. */
    private final @Nullable String afterValue;

    CookieKey(HashPlan.Key.Cookie plan) {
        this.name = WireText.of(visible(plan.name()));
        this.beforeValue = name + "=\"";
        this.afterValue = afterValue(plan);
    }

    private static @Nullable String afterValue(HashPlan.Key.Cookie plan) {
        if (plan.ttl() == null) {
            return null;
        }
        StringBuilder text = new StringBuilder("\"");
        long seconds = plan.ttl().toSeconds();
        if (seconds > 0) {
            text.append("; Max-Age=").append(seconds);
        }
        if (plan.path() != null) {
            text.append("; Path=").append(plan.path());
        }
        for (String attribute : plan.attributes()) {
            text.append("; ").append(attribute);
        }
        return WireText.of(visible(text.append("; HttpOnly").toString()));
    }

    /** Without control characters: a line end in a configured path must not become another header. */
    private static String visible(String text) {
        return text.codePoints()
                .filter(character -> !Character.isISOControl(character))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public void read(KeyedRequest asked) {
        Headers headers = asked.request().headers();
        CharSequence holder = holder(headers);
        long found = holder == null ? CookieText.MISSING : CookieText.find(holder, name);
        if (holder != null && CookieText.from(found) < CookieText.to(found)) {
            asked.addHashKey(WireHash.of(holder, CookieText.from(found), CookieText.to(found), 0));
        } else if (afterValue != null) {
            make(asked, afterValue);
        }
    }

    /** The first header that has the cookie; null when none has. */
    private @Nullable CharSequence holder(Headers headers) {
        CharSequence first = headers.get(HeaderNames.COOKIE);
        if (first == null || CookieText.find(first, name) != CookieText.MISSING) {
            return first;
        }
        if (!headers.isRepeated(HeaderNames.COOKIE)) {
            return null;
        }
        for (CharSequence header : headers.getAll(HeaderNames.COOKIE)) {
            if (CookieText.find(header, name) != CookieText.MISSING) {
                return header;
            }
        }
        return null;
    }

    private void make(KeyedRequest asked, String rest) {
        DownstreamConnection connection = asked.connection();
        if (connection == null) {
            return;
        }
        String ends = text(connection.remoteAddress()) + text(connection.localAddress());
        String value = HEX.toHexDigits(XxHash64.hash(ends.getBytes(StandardCharsets.UTF_8), 0));
        asked.addHashKey(WireHash.of(value));
        String cookie = beforeValue + value + rest;
        asked.addResponseEdit((answered, head) -> {
            // An answer of the proxy's own says nothing about an upstream, so it starts no session.
            if (answered.error() == null) {
                head.headers().add(SET_COOKIE, cookie);
            }
        });
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? NetUtil.toSocketAddressString(inet)
                : address.toString();
    }
}
