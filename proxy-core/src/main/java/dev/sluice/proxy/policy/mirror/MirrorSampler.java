package dev.sluice.proxy.policy.mirror;

/**
 * Whether a mirror takes a copy (spec/istio-fields.md §1.1). The number is the request's stable one, which also chooses the
 * weighted destination, so two mirrors of 50 % take the same half, as in Envoy. Pure.
 */
final class MirrorSampler {
    private static final long MILLION = 1_000_000;

    private MirrorSampler() {}

    /**
     * @param perMillion share of requests, 0 to 1,000,000
     * @param randomId stable 64-bit random number of the request, unsigned
     */
    static boolean takes(int perMillion, long randomId) {
        return Long.remainderUnsigned(randomId, MILLION) < perMillion;
    }
}
