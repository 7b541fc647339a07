package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** {@code /config_dump}: what is in force, compiled, and which findings keep an older version of something in force. */
final class ConfigDumpPage {
    private static final List<String> RESOURCES = List.of("all", "reload", "settings", "listeners", "clusters");

    private final AdminSubject subject;

    ConfigDumpPage(AdminSubject subject) {
        this.subject = subject;
    }

    Answer answer(Query query) throws IOException {
        String resource = query.choice("resource", "all", RESOURCES);
        ProxyPlan plan = subject.proxy().snapshot().plan();
        ReloadStatus reloads = subject.reloads();
        return Answer.json(JsonText.of(json -> write(resource, plan, reloads, json)));
    }

    private static void write(String resource, ProxyPlan plan, ReloadStatus reloads, JsonGenerator json)
            throws IOException {
        boolean all = resource.equals("all");
        json.writeStartObject();
        if (all || resource.equals("reload")) {
            json.writeFieldName("reload");
            ReloadJson.write(reloads, json);
        }
        if (all || resource.equals("settings")) {
            json.writeFieldName("settings");
            PlanJson.write(plan.settings(), json);
        }
        if (all || resource.equals("listeners")) {
            json.writeFieldName("listeners");
            PlanJson.write(plan.listeners(), json);
        }
        if (all || resource.equals("clusters")) {
            json.writeFieldName("clusters");
            PlanJson.write(
                    plan.clusters().values().stream()
                            .sorted(Comparator.comparing(
                                    (ClusterPlan cluster) -> cluster.key().envoyName()))
                            .toList(),
                    json);
        }
        json.writeEndObject();
    }
}
