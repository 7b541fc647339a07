package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.proxy.explain.Explanation.Outcome;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.upstream.names.ForbiddenAddresses;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is not passed through although nobody declared it: an address that no client may reach through the proxy, such as the
 * metadata service of a cloud. A name is not looked up, so one that stands for such an address is told as any other. Pure.
 */
final class Refusals {
    private Refusals() {}

    /** The answer to a question, or the refusal that comes in its place. */
    static Explanation of(Explanation answer, Kind listener, Question question) {
        InetAddress to = answer.outcome() == Outcome.PASSTHROUGH ? goal(listener, question) : null;
        if (to == null || !ForbiddenAddresses.contains(to)) {
            return answer;
        }
        boolean http = answer.list().equals(Explanation.HTTP);
        String reason = "nobody declared " + NetUtil.toAddressString(to) + ", and "
                + (http
                        ? "it may not be reached through the proxy"
                        : "it may not be dialled: the connection is closed");
        return answer.refused(http ? ErrorCode.REFUSED_ADDRESS.status() : 0, reason);
    }

    /** Where what is passed through goes: to the dialled address, where there is one, else to the host that is asked for. */
    private static @Nullable InetAddress goal(Kind listener, Question question) {
        if (listener == Kind.VIRTUAL_OUTBOUND) {
            InetSocketAddress dialled = question.dialled();
            return dialled == null ? null : dialled.getAddress();
        }
        return NetUtil.createInetAddressFromIpAddressString(AskedTable.host(question.authority()));
    }
}
