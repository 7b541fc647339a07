package dev.sluice.proxy.balance.hash;

import dev.sluice.proxy.exchange.KeyedRequest;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.Headers;
import java.util.List;

/**
 * The value of a header. Several values are hashed in byte order, each seeded with the hash before it, so that the order in
 * which a client sent them does not count, as in Envoy.
 */
final class HeaderKey implements KeySource {
    private final RequestField field;

    /** @param name in any case; also {@code host} and pseudo headers */
    HeaderKey(String name) {
        this.field = RequestField.header(name);
    }

    @Override
    public void read(KeyedRequest asked) {
        RequestHead request = asked.request();
        if (field.source() != RequestField.Source.HEADER) {
            CharSequence value = field.read(request, RequestField.endOfPath(request.path()));
            if (value != null) {
                asked.addHashKey(WireHash.of(value));
            }
            return;
        }
        Headers headers = request.headers();
        CharSequence value = headers.get(field.name());
        if (value != null) {
            asked.addHashKey(headers.isRepeated(field.name()) ? ofAll(headers) : WireHash.of(value));
        }
    }

    private long ofAll(Headers headers) {
        // Chars are bytes here, so this is the order of unsigned bytes.
        List<String> values = headers.getAll(field.name()).stream()
                .map(CharSequence::toString)
                .sorted()
                .toList();
        long hash = 0;
        for (String value : values) {
            hash = WireHash.of(value, 0, value.length(), hash);
        }
        return hash;
    }
}
