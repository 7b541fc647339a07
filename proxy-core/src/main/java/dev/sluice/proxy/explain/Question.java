package dev.sluice.proxy.explain;

import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.FieldChars;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody asks about.
 *
 * @param method with case
 * @param scheme {@code http} or {@code https}
 * @param authority host, with the port where the URL has one
 * @param port of the URL; -1 when it has none
 * @param target path and query
 * @param headers {@code name: value}; a {@code Host} replaces the authority
 * @param dialled address of a redirected connection with the URL's port; null when nobody says
 * @param from {@code outbound}, {@code inbound} or {@code gateway:NS/NAME}; null lets the configuration decide
 */
public record Question(
        String method,
        String scheme,
        String authority,
        int port,
        String target,
        List<String> headers,
        @Nullable InetSocketAddress dialled,
        @Nullable String from) {
    public Question {
        headers = List.copyOf(headers);
    }

    /**
     * Reads the words of a command line.
     *
     * @param dialled the IP address that the client connected to, for a connection that was redirected; null for the URL's
     *     host where that is one
     * @throws IllegalArgumentException when the URL, a header or the address is malformed; the message says how
     */
    public static Question of(
            String method, String url, List<String> headers, @Nullable String dialled, @Nullable String from) {
        if (method.isEmpty() || !method.chars().allMatch(c -> FieldChars.isToken((char) c))) {
            throw new IllegalArgumentException("METHOD must be one word such as GET, not '" + method + "'");
        }
        AskedUrl asked = AskedUrl.parse(url);
        String authority = asked.authority();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException("-H takes 'name: value', not '" + header + "'");
            }
            if (header.substring(0, colon).trim().equalsIgnoreCase("host")) {
                authority = header.substring(colon + 1).trim();
            }
        }
        return new Question(
                method,
                asked.scheme(),
                authority,
                asked.port(),
                asked.target(),
                headers,
                dialled(asked, dialled),
                from);
    }

    private static @Nullable InetSocketAddress dialled(AskedUrl asked, @Nullable String written) {
        int port = asked.port() >= 0 ? asked.port() : asked.scheme().equals("https") ? 443 : 80;
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(written == null ? asked.host() : written);
        if (address == null && written != null) {
            throw new IllegalArgumentException("--dialled takes an IP address, not '" + written + "'");
        }
        return address == null ? null : new InetSocketAddress(address, port);
    }

    /** Where its connection was going if it was redirected; the unspecified address where nobody says. */
    InetSocketAddress destination() {
        int otherwise = scheme.equals("https") ? 443 : 80;
        return dialled == null ? new InetSocketAddress(port < 0 ? otherwise : port) : dialled;
    }

    /** A fresh head of the request. */
    RequestHead head() {
        Headers fields = H1Headers.create();
        for (String header : headers) {
            int colon = header.indexOf(':');
            String name = header.substring(0, colon).trim().toLowerCase(Locale.ROOT);
            if (!name.equals("host")) {
                fields.add(AsciiString.of(name), header.substring(colon + 1).trim());
            }
        }
        return RequestHead.builder(HttpVersion.HTTP_1_1, method, target, fields)
                .scheme(scheme)
                .authority(authority)
                .build();
    }
}
