package dev.sluice.proxy.admin;

import dev.sluice.proxy.admin.http.Page;
import java.util.ArrayList;
import java.util.List;

/** Every page of the admin port (docs/admin.md), in the order of the index. */
public final class AdminPages {
    private AdminPages() {}

    /** The pages that show and steer {@code subject}. */
    public static List<Page> of(AdminSubject subject) {
        ClustersPage clusters = new ClustersPage(subject.proxy().clusters());
        ListenersPage listeners = new ListenersPage(subject.proxy());
        StatsPage stats = new StatsPage(subject.metrics());
        ServerInfoPage info = new ServerInfoPage(subject);
        ConfigDumpPage dump = new ConfigDumpPage(subject);
        ExplainPage explain = new ExplainPage(subject.proxy());
        List<Page> pages = new ArrayList<>(List.of(
                Page.read("/clusters", "destinations with their endpoints and counters; format=json", clusters::answer),
                Page.read("/listeners", "listeners and where they are bound; format=json", listeners::answer),
                Page.read(
                        "/config_dump",
                        "the configuration in force, and what of the last reload is not;"
                                + " resource=reload|settings|listeners|clusters",
                        dump::answer),
                Page.read(
                        "/explain",
                        "which rule takes a request: method=GET, url=http://HOST/PATH, header=name:value,"
                                + " from=outbound|inbound|gateway:NS/NAME, dialled=ADDRESS",
                        explain::answer),
                Page.read("/stats", "metrics as lines; filter=RE2, format=json|prometheus", stats::answer),
                Page.openRead("/stats/prometheus", "metrics for Prometheus", query -> stats.prometheus()),
                Page.read("/server_info", "version, state, uptime, how the last reload went", info::answer)));
        pages.addAll(new LifePages(subject).pages());
        List<Page> listed = List.copyOf(pages);
        pages.add(0, Page.read("/", "this page", query -> IndexPage.of(listed)));
        return List.copyOf(pages);
    }
}
