package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.SluiceProcess;
import dev.sluice.proxy.e2e.fixture.SluiceProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open fewer files than it needs: exit code 3, and one line that tells what to raise. */
class FewFilesIT {
    private static final int FILES = 256;
    private static final String RAISE = ": too many open files; raise their limit (ulimit -n)";

    @TempDir
    private Path folder;

    @Test
    void forItsListeners() throws Exception {
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < FILES; i++) {
            servers.append(
                    "  - {port: {number: 0, name: http%d, protocol: HTTP}, bind: 'unix://%s/%d.sock', hosts: ['*']}\n"
                            .formatted(i, folder, i));
        }
        Ended ended = runWith(servers.toString());
        assertEquals(3, ended.exit(), ended.toString());
        assertEquals(1, ended.err().size(), ended.toString());
        String line = ended.err().get(0);
        assertTrue(line.startsWith("sluice: cannot bind " + folder), line);
        assertTrue(line.endsWith(".sock" + RAISE), line);
    }

    @Test
    void forItsEventLoops() throws Exception {
        Ended ended = runWith(
                "  - {port: {number: 0, name: http, protocol: HTTP}, bind: 'unix://%s/a.sock', hosts: ['*']}\n"
                        .formatted(folder),
                "--workers",
                Integer.toString(FILES));
        assertEquals(new Ended(3, List.of(), List.of("sluice: cannot start" + RAISE)), ended);
    }

    private Ended runWith(String servers, String... more) throws Exception {
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(
                config,
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: edge}
                spec:
                  servers:
                """
                        + servers);
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"run", config.toString(), "--admin", "off"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return SluiceProcess.runWithFiles(FILES, arguments);
    }
}
