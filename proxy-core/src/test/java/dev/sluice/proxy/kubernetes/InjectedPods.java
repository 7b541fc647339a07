package dev.sluice.proxy.kubernetes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sluice.proxy.kubernetes.inject.InjectSettings;
import dev.sluice.proxy.kubernetes.inject.Injector;
import dev.sluice.proxy.kubernetes.profile.Profiles;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pod as its author wrote it, and what {@code sluice inject} makes of one: valid by Kubernetes' schemas each time. */
final class InjectedPods {
    private InjectedPods() {}

    static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart
              labels: {app: cart, version: v2}
              annotations: {%s}
            spec:
              initContainers:
              - {name: migrate, image: "cart:1"}
              containers:
              - name: cart
                image: cart:1
                ports: [{name: http, containerPort: 8080}]
                livenessProbe: {httpGet: {path: /live, port: http, httpHeaders: [{name: Host, value: cart}]}, timeoutSeconds: 3}
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 7}
                startupProbe: {httpGet: {port: 9000, scheme: HTTPS}}
              - name: agent
                image: agent:1
                livenessProbe: {exec: {command: [agent, ping]}}
                startupProbe: {grpc: {port: 9000, service: agent}}
                readinessProbe: {httpGet: {port: 80, host: example.com}}
            """;

    static String inject(String yaml) throws ManifestException {
        return inject(yaml, null, null).text();
    }

    static Injector.Injected inject(String yaml, @Nullable Boolean nativeSidecar, @Nullable Boolean hold)
            throws ManifestException {
        ProxyValues values = new ProxyValues(Profiles.load(null, List.of(), List.of()));
        Injector.Injected injected = new Injector(
                        new InjectSettings(values, null, null, "sluice-config", nativeSidecar, hold))
                .inject("cart.yaml", yaml);
        KubernetesSchema.valid(injected.text());
        return injected;
    }

    static JsonObject podSpec(String yaml) {
        return KubernetesSchema.valid(yaml).get(0).getAsJsonObject("spec");
    }

    static JsonObject named(JsonArray list, String name) {
        for (JsonElement item : list) {
            if (item.getAsJsonObject().get("name").getAsString().equals(name)) {
                return item.getAsJsonObject();
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }

    static List<String> names(JsonArray list) {
        List<String> names = new ArrayList<>();
        list.forEach(item -> names.add(item.getAsJsonObject().get("name").getAsString()));
        return names;
    }

    static List<String> arguments(JsonObject container) {
        List<String> arguments = new ArrayList<>();
        container.getAsJsonArray("args").forEach(argument -> arguments.add(argument.getAsString()));
        return arguments;
    }

    /** The value that follows an option. */
    static String argument(JsonObject container, String option) {
        List<String> arguments = arguments(container);
        assertTrue(arguments.contains(option), option + " in " + arguments);
        return arguments.get(arguments.indexOf(option) + 1);
    }

    static String variable(JsonObject container, String name) {
        return named(container.getAsJsonArray("env"), name).get("value").getAsString();
    }

    static JsonObject proxyOf(String yaml) {
        return named(podSpec(yaml).getAsJsonArray("containers"), "sluice-proxy");
    }

    static JsonElement annotations(String yaml) {
        return KubernetesSchema.valid(yaml).get(0).getAsJsonObject("metadata").get("annotations");
    }
}
