package dev.sluice.proxy.upstream.names;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers names as a test says, and notes what was asked. */
final class FakeNames implements NameResolver {
    final List<String> asked = new ArrayList<>();
    private final Map<String, CompletionStage<Answer>> answers = new HashMap<>();

    FakeNames answer(String host, int ttlSeconds, String... addresses) {
        List<InetAddress> parsed = Arrays.stream(addresses)
                .map(NetUtil::createInetAddressFromIpAddressString)
                .toList();
        answers.put(host, CompletableFuture.completedStage(new Answer(parsed, Duration.ofSeconds(ttlSeconds))));
        return this;
    }

    FakeNames fail(String host) {
        answers.put(host, CompletableFuture.failedStage(new UnknownHostException(host)));
        return this;
    }

    /** Leaves questions for {@code host} open. */
    FakeNames hold(String host) {
        answers.put(host, new CompletableFuture<>());
        return this;
    }

    @Override
    public CompletionStage<Answer> resolve(String host) {
        asked.add(host);
        CompletionStage<Answer> answer = answers.get(host);
        return answer == null ? CompletableFuture.failedStage(new UnknownHostException(host)) : answer;
    }
}
