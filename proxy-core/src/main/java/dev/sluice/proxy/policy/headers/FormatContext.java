package dev.sluice.proxy.policy.headers;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * What a header value may refer to.
 *
 * @param request as it is now
 * @param response null on the request path
 * @param exchange null where there is none, in {@code explain}
 */
public record FormatContext(RequestHead request, @Nullable ResponseHead response, @Nullable Exchange exchange) {}
