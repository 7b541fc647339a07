package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;

/** Decides what becomes of an attempt's outcome: hand it on, or try again. */
public interface AttemptOwner {
    /** The upstream's final head arrived. The owner calls {@link Attempt#commit} or {@link Attempt#abandon}. */
    void onResponse(Attempt attempt, ResponseHead head, boolean last);

    /** The attempt ended before a response head. It has been released already. */
    void onFailure(Attempt attempt, ProxyError error);
}
