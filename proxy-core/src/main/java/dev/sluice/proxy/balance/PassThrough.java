package dev.sluice.proxy.balance;

import dev.sluice.proxy.cluster.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Stands for {@code simple: PASSTHROUGH}: the address that the client dialled takes the request, whatever endpoints are
 * listed. A connection that was not redirected to the proxy dialled the proxy itself, so it has no such address and
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
