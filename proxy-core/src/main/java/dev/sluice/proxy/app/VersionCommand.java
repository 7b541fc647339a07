package dev.sluice.proxy.app;

import dev.sluice.proxy.upstream.Transport;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice version}: version, JDK, transport. */
@Command(name = "version", description = "Prints version, JDK and transport.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(text());
        spec.commandLine().getOut().flush();
        return ExitCodes.OK;
    }

    static String text() {
        return "sluice " + version() + ", JDK " + Runtime.version() + ", transport " + transport(Transport.best());
    }

    static String transport(Transport.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** From the jar's manifest; {@code dev} when run from classes. */
    static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** For {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }
}
