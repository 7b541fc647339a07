package dev.sluice.proxy.admin.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.admin.http.Answer;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The app's probes and hooks by the paths that the kubelet asks instead: {@code /app-health/CONTAINER/livez}, {@code readyz}
 * and {@code startupz}, {@code /app-lifecycle/CONTAINER/prestopz} and {@code poststartz}, with Istio's JSON of {@code
 * ISTIO_KUBE_APP_PROBERS}.
 */
public final class AppProbes {
    static final String HEALTH = "/app-health/";
    static final String LIFECYCLE = "/app-lifecycle/";

    private final Map<String, AppProbe> probes;

    private AppProbes(Map<String, AppProbe> probes) {
        this.probes = Map.copyOf(probes);
    }

    /** None. */
    public static AppProbes none() {
        return new AppProbes(Map.of());
    }

    /** @throws IllegalArgumentException if {@code json} is not a map of probes by their paths, with what is wrong */
    public static AppProbes parse(String json) {
        JsonNode tree;
        try {
            // Made where it is needed: a mapper is a seventh of the time that a start takes.
            tree = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("no map of probes by their paths");
        }
        Map<String, AppProbe> probes = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            String path = entry.getKey();
            if (path.startsWith(HEALTH)) {
                probes.put(path, AppProbe.of(path, entry.getValue()));
            } else if (path.startsWith(LIFECYCLE)) {
                probes.put(path, AppProbe.hook(path, entry.getValue()));
            } else {
                throw new IllegalArgumentException(path + " begins with neither " + HEALTH + " nor " + LIFECYCLE);
            }
        }
        return new AppProbes(probes);
    }

    /**
     * Asks the app; on the event loop of the server.
     *
     * @param local the address that the kubelet asked, which is the app's too
     */
    CompletionStage<Answer> answer(String path, InetSocketAddress local, ProbeClient client) {
        @Nullable AppProbe probe = probes.get(path);
        return probe == null
                ? CompletableFuture.completedFuture(Answer.refusal(404, "no probe or hook of the app"))
                : client.ask(probe, local.getAddress());
    }
}
