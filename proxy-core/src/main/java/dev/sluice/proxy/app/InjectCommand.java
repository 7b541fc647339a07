package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.kubernetes.inject.InjectSettings;
import dev.sluice.proxy.kubernetes.inject.Injector;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice inject}: a proxy beside every app of a manifest. */
@Command(
        name = "inject",
        description = "Adds the sidecar and its init container to the workloads of a manifest, on standard output.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InjectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|-", description = "Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod, List, …")
    private String file;

    @Mixin
    private ProfileOptions profile;

    @Option(names = "--image", description = "The proxy's image (default: the profile's).")
    private @Nullable String image;

    @Option(names = "--init-image", description = "The init container's image (default: the profile's).")
    private @Nullable String initImage;

    @Option(
            names = "--config-map",
            paramLabel = "NAME",
            defaultValue = "sluice-config",
            description = "The ConfigMap with the configuration, mounted at /etc/sluice (default: ${DEFAULT-VALUE}).")
    private String configMap;

    @Option(
            names = "--native-sidecar",
            negatable = true,
            description = "The proxy as an init container with restartPolicy Always (Kubernetes 1.29 and newer).")
    private @Nullable Boolean nativeSidecar;

    @Option(
            names = "--hold-application",
            negatable = true,
            description = "The app's containers start when the proxy is ready.")
    private @Nullable Boolean holdApplication;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError {
        boolean standardInput = file.equals("-");
        try {
            ProxyValues values = new ProxyValues(profile.load(null));
            Injector injector = new Injector(
                    new InjectSettings(values, image, initImage, configMap, nativeSidecar, holdApplication));
            String text = standardInput ? standardInput() : ProfileOptions.read(Path.of(file));
            Injector.Injected injected = injector.inject(standardInput ? "standard input" : file, text);
            // Whole, and only when nothing can go wrong any more.
            spec.commandLine().getOut().print(injected.text());
            StandardOutput.whole(spec.commandLine().getOut());
            injected.notices().forEach(notice -> spec.commandLine().getErr().println("sluice: " + notice));
            return ExitCodes.OK;
        } catch (ManifestException e) {
            throw new UserError(ExitCodes.REFUSED, e.getMessage());
        }
    }

    private static String standardInput() throws UserError {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError(ExitCodes.REFUSED, "cannot read standard input: " + e.getMessage());
        }
    }
}
