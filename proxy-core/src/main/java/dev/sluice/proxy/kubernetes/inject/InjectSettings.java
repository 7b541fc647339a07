package dev.sluice.proxy.kubernetes.inject;

import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says about an injection; a pod's annotations say the rest.
 *
 * @param values the profile's
 * @param image of the proxy; null: the profile's
 * @param initImage of the init container; null: the profile's
 * @param configMap that is mounted at {@code /etc/sluice}
 * @param nativeSidecar whether the proxy is an init container that goes on; null: as the profile says
 * @param holdApplication whether the app's containers wait for the proxy; null: as the profile says
 */
public record InjectSettings(
        ProxyValues values,
        @Nullable String image,
        @Nullable String initImage,
        String configMap,
        @Nullable Boolean nativeSidecar,
        @Nullable Boolean holdApplication) {}
