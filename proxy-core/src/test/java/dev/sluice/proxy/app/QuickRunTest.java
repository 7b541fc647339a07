package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.proxy.app.options.AdminOptions;
import dev.sluice.proxy.app.options.QuickRun;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The quick way to read the command line of {@code run} means what picocli means. */
class QuickRunTest {
    private static final List<String> WORDS = List.of(
            "run",
            "a.yaml",
            "--workers",
            "2",
            "--workers=3",
            "--transport",
            "nio",
            "--admin",
            "off",
            "--admin=127.0.0.1:0",
            "--label",
            "a=b",
            "--label=c=d",
            "--set=x=y",
            "--drain",
            "7",
            "--drain=0.5",
            "--access-log",
            "-",
            "--access-log=off",
            "--",
            "--help",
            "-V",
            "@file",
            "",
            "--carry-headers",
            "a,b",
            "--carry-headers=c",
            "--namespace=n",
            "--certs",
            "'q'",
            "--ignore-kind",
            "K",
            "--nonsense",
            "--intercept",
            "--intercept=false",
            "--status",
            "--status=true",
            "--app-probes",
            "--app-probes={}",
            "--app-metrics={}",
            "--outbound=127.0.0.1:1",
            "--locality=r/z",
            "--service-account=s");

    @Provide
    Arbitrary<List<String>> lines() {
        return Arbitraries.of(WORDS).list().ofMaxSize(6);
    }

    @Property(tries = 3000)
    void whatIsReadQuicklyIsReadAlikeByPicocli(@ForAll("lines") List<String> words) throws Exception {
        List<String> line = new ArrayList<>(List.of("run", "conf"));
        line.addAll(words);
        QuickRun quick = QuickRun.parse(line.toArray(String[]::new));
        if (quick != null) {
            assertEquals(byPicocli(line), values(quick.identity(), quick.options()), line.toString());
        }
    }

    /** An option that the quick way does not know would make every start that gives it a slow one. */
    @Test
    void everyOptionOfRunIsReadQuickly() throws Exception {
        for (OptionSpec option :
                Commands.line().getSubcommands().get("run").getCommandSpec().options()) {
            if (option.usageHelp() || option.versionHelp()) {
                continue;
            }
            String value = option.type() == boolean.class
                    ? "true"
                    : option.type() == int.class || option.type() == Double.class ? "3" : "text";
            List<String> line = List.of("run", "conf", option.longestName() + "=" + value);
            QuickRun quick = QuickRun.parse(line.toArray(String[]::new));
            assertNotNull(quick, option.longestName());
            assertEquals(byPicocli(line), values(quick.identity(), quick.options()), option.longestName());
        }
    }

    @Test
    void mistakesAndOtherCommandsAreLeftToPicocli() {
        assertNull(QuickRun.parse());
        assertNull(QuickRun.parse("check", "conf"));
        assertNull(QuickRun.parse("run"));
        assertNull(QuickRun.parse("run", "conf", "--workers"));
        assertNull(QuickRun.parse("run", "conf", "--workers", "many"));
        assertNull(QuickRun.parse("run", "conf", "--admin", "off", "--admin", "off"));
        assertNull(QuickRun.parse("run", "conf", "--help"));
    }

    private static Map<String, Object> byPicocli(List<String> line) throws IllegalAccessException {
        CommandLine commands = Commands.line();
        commands.parseArgs(line.toArray(String[]::new));
        RunCommand run = (RunCommand)
                commands.getSubcommands().get("run").getCommandSpec().userObject();
        return values(run.identity(), run.options());
    }

    private static Map<String, Object> values(Object... objects) throws IllegalAccessException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Object object : objects) {
            for (Field field : object.getClass().getDeclaredFields()) {
                field.setAccessible(true);
                Object value = field.get(object);
                String name = object.getClass().getSimpleName() + "." + field.getName();
                if (value instanceof AdminOptions admin) {
                    values.putAll(values((Object) admin));
                } else {
                    values.put(name, value);
                }
            }
        }
        return values;
    }
}
