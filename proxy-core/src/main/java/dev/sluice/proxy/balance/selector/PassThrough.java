package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.cluster.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Stands for clusters whose endpoint is the address that the client dialled: no listed endpoint is picked. {@link
 * DialledEndpoints} knows that address where the connection was redirected; one that was not dialled the proxy itself, so
 * nothing is picked (spec/istio-fields.md §4, resolution NONE).
 */
final class PassThrough implements EndpointSelector {
    /** It holds nothing, so there is one. */
    static final PassThrough INSTANCE = new PassThrough();

    private PassThrough() {}

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        return null;
    }
}
