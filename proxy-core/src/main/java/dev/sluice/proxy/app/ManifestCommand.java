package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.kubernetes.ConfigFiles;
import dev.sluice.proxy.kubernetes.gateway.GatewayManifests;
import dev.sluice.proxy.kubernetes.profile.ProfileTree;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice manifest}: gateways for Kubernetes. */
@Command(
        name = "manifest",
        description = "Kubernetes manifests of gateways and their configuration.",
        mixinStandardHelpOptions = true,
        subcommands = ManifestCommand.Generate.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ManifestCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "generate is missing");
    }

    /** {@code generate}. */
    @Command(
            name = "generate",
            description = "Prints the objects of every gateway that the profile enables.",
            mixinStandardHelpOptions = true)
    static final class Generate implements Callable<Integer> {
        @Parameters(
                arity = "0..*",
                paramLabel = "CONFIG",
                description =
                        "Files and folders that become the gateways' ConfigMaps; Gateways' ports become Services'.")
        private List<Path> config = List.of();

        @Mixin
        private ProfileOptions profile;

        @Option(names = "--image", defaultValue = "", description = "The proxies' image (default: the profile's).")
        private String image;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws UserError {
            try {
                ProfileTree tree = profile.load(null);
                if (config.contains(Path.of(""))) {
                    throw UserError.emptyConfig();
                }
                Map<String, String> files = ConfigFiles.read(config);
                spec.commandLine().getOut().print(new GatewayManifests(tree, image).generate(files));
                StandardOutput.whole(spec.commandLine().getOut());
                return ExitCodes.OK;
            } catch (ManifestException e) {
                throw new UserError(ExitCodes.REFUSED, e.getMessage());
            } catch (IOException e) {
                throw new UserError(ExitCodes.REFUSED, "cannot read " + e.getMessage());
            }
        }
    }
}
