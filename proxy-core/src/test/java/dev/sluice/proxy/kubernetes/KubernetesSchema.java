package dev.sluice.proxy.kubernetes;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Kubernetes' published OpenAPI schemas, in the form of its Java models: a field that a schema has not, a required one that is
 * missing and a value of the wrong type are refused.
 */
final class KubernetesSchema {
    private static final Gson GSON = new Gson();

    private KubernetesSchema() {}

    /** Checks every document; returns them. */
    static List<JsonObject> valid(String yaml) {
        List<JsonObject> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
            if (document == null) {
                // Remarks alone: kubectl passes over it.
                continue;
            }
            JsonObject json = GSON.toJsonTree(document).getAsJsonObject();
            check(json);
            documents.add(json);
        }
        return documents;
    }

    private static void check(JsonObject document) {
        String kind = document.get("kind").getAsString();
        if (kind.equals("List")) {
            document.getAsJsonArray("items").forEach(item -> check(item.getAsJsonObject()));
            return;
        }
        String apiVersion = document.get("apiVersion").getAsString();
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        String model = "io.kubernetes.client.openapi.models." + version.toUpperCase(Locale.ROOT) + kind;
        try {
            Class<?> type = Class.forName(model);
            type.getMethod("validateJsonElement", JsonElement.class).invoke(null, document);
            var unused = GSON.fromJson(document, type);
        } catch (InvocationTargetException e) {
            fail(kind + ": " + e.getCause().getMessage());
        } catch (JsonParseException e) {
            fail(kind + ": " + e.getMessage());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no schema of " + apiVersion + " " + kind, e);
        }
    }
}
