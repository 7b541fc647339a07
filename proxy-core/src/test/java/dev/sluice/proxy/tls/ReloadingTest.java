package dev.sluice.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.chain.CaPlan;
import io.netty.pkitesting.CertificateBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says of certificates that cannot be used. */
class ReloadingTest {
    @TempDir
    Path folder;

    // Held: java.util.logging forgets loggers that nobody holds.
    private final Logger logger = Logger.getLogger(Reloading.class.getName());
    private final List<String> lines = new ArrayList<>();
    private final Handler collector = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Trusts, and has no certificate of its own. */
    private static final class Trusting extends Reloading {
        Trusting(Path file) {
            super(
                    "cluster x:443",
                    new CredentialStore(null),
                    new TlsCounters(),
                    List.of(),
                    new CaPlan(file.toString(), null, null));
        }

        @Override
        void use(List<Credential> read, @Nullable TrustedAuthorities authorities) {}

        @Override
        void close() {}
    }

    @BeforeEach
    void listen() {
        logger.addHandler(collector);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(collector);
    }

    @Test
    void saysThatNothingIsInForceWhereNothingEverWas() {
        Path file = folder.resolve("ca.crt");
        assertFalse(new Trusting(file).refresh(true));
        assertEquals(
                List.of("cluster x:443: " + file + ": no such file; handshakes are refused until that is mended"),
                lines);
    }

    @Test
    void saysThatWhatWasInForceStaysWhereSomethingWas() throws Exception {
        Path file = folder.resolve("ca.crt");
        Files.writeString(
                file,
                new CertificateBuilder()
                        .ecp256()
                        .subject("CN=authority")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned()
                        .getCertificatePathPEM());
        Trusting trusting = new Trusting(file);
        assertTrue(trusting.refresh(true));
        Files.delete(file);
        assertFalse(trusting.refresh(true));
        assertEquals(List.of("cluster x:443: " + file + ": no such file; what was in force before stays"), lines);
    }
}
