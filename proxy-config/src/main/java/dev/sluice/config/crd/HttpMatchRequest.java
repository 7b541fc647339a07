package dev.sluice.config.crd;

import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One match block (spec §1.2): its conditions are AND-ed, the blocks of a rule are OR-ed. */
public record HttpMatchRequest(
        MapNode at,
        @Nullable String name,
        @Nullable StringMatch uri,
        @Nullable Boolean ignoreUriCase,
        @Nullable StringMatch scheme,
        @Nullable StringMatch method,
        @Nullable StringMatch authority,
        Map<String, StringMatch> headers,
        Map<String, StringMatch> withoutHeaders,
        Map<String, StringMatch> queryParams,
        @Nullable Long port,
        Map<String, String> sourceLabels,
        @Nullable String sourceNamespace,
        List<String> gateways,
        @Nullable String statPrefix) {}
