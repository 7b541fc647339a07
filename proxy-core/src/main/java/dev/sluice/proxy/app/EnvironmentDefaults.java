package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.Environment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Hands {@link Environment} to picocli; apart from it, so that a quick start loads none of picocli's classes. */
final class EnvironmentDefaults implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && Environment.SINGLE.contains(option.longestName())
                ? Environment.single(option.longestName())
                : null;
    }
}
