package dev.sluice.proxy.app.process;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.translate.Recompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Identity;
import dev.sluice.config.validate.Validator;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.IdentityOptions;
import dev.sluice.proxy.app.options.UserError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration as a command reads it: where its files are and who this proxy is. */
public final class ConfigSession {
    private final ConfigLoader loader;
    private final ProxyIdentity identity;
    private final Recompiler compiler;

    private ConfigSession(ConfigLoader loader, ProxyIdentity identity) {
        this.loader = loader;
        this.identity = identity;
        this.compiler = new Recompiler(identity);
    }

    /**
     * Nothing is read yet.
     *
     * @param config files and folders
     * @param outbound address of the explicit outbound listener; null for none
     */
    public static ConfigSession open(
            List<String> config, IdentityOptions options, @Nullable BindAddress outbound, List<String> carryHeaders)
            throws UserError {
        List<Path> paths = new ArrayList<>();
        for (String argument : config) {
            if (argument.isEmpty()) {
                throw UserError.emptyConfig();
            }
            try {
                paths.add(Path.of(argument));
            } catch (InvalidPathException e) {
                throw new UserError(ExitCodes.REFUSED, argument + ": no such file or folder");
            }
        }
        ConfigLoader loader = new ConfigLoader(
                paths,
                new CrdReader(options.ignoredKinds()),
                Validator::validate,
                MeshOverrides.parse(options.overrides()));
        ProxyIdentity identity = new ProxyIdentity(
                options.namespace(),
                options.labels(),
                options.serviceAccount(),
                options.locality(),
                HostNames.CLUSTER_DOMAIN,
                ProxyIdentity.Role.SIDECAR,
                outbound,
                false,
                carryHeaders);
        return new ConfigSession(loader, identity);
    }

    ConfigLoader loader() {
        return loader;
    }

    /** The same, serving redirected connections or not. */
    public ConfigSession intercepting(boolean intercept) {
        return new ConfigSession(loader, identity.withIntercept(intercept));
    }

    ProxyIdentity identity() {
        return identity;
    }

    /** Loads for the first time. */
    public LoadResult load() throws UserError {
        try {
            return loader.load();
        } catch (MissingConfigException e) {
            throw new UserError(ExitCodes.REFUSED, e.getMessage());
        }
    }

    /** Compiles what is in force; one load after another. */
    public synchronized Compiled compile(LoadResult loaded) {
        return compiler.compile(loaded.set(), loaded.changed(), loaded.moved());
    }

    /** Other records stand for the same VirtualServices from now on. */
    synchronized void released(Map<VirtualService, VirtualService> others) {
        compiler.replace(others);
    }

    /** What does not fit together across documents; never a reason to refuse them. */
    private List<Finding> analyze(LoadResult loaded) {
        return Analyzer.analyze(
                loaded.written(), new Identity(identity.namespace(), identity.labels()), OperatorFormats.INSTANCE);
    }

    /** Everything there is to say about the configuration, in order of file and line. */
    public List<Finding> findings(LoadResult loaded, Compiled compiled) {
        List<Finding> all = new ArrayList<>(loaded.findings());
        all.addAll(analyze(loaded));
        all.addAll(compiled.notices());
        Collections.sort(all);
        return all;
    }
}
