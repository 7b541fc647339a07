package dev.sluice.proxy.app.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AdminOptionsTest {
    @TempDir
    private Path folder;

    private static AdminOptions.Wanted wanted(String... arguments) throws UserError {
        return CommandLine.populateCommand(new RunOptions(), arguments).admin.wanted();
    }

    private static UserError refused(String... arguments) {
        return assertThrows(UserError.class, () -> wanted(arguments));
    }

    private String token(String text) throws IOException {
        return Files.writeString(folder.resolve("token"), text).toString();
    }

    @Test
    void loopback15000UnlessSaidOtherwise() throws UserError {
        AdminOptions.Wanted wanted = wanted();
        assertNotNull(wanted);
        assertEquals("127.0.0.1:15000", wanted.address().toString());
        assertNull(wanted.token());
    }

    @Test
    void offIsOff() throws UserError {
        assertNull(wanted("--admin", "off"));
    }

    @Test
    void beyondLoopbackATokenIsNeeded() throws Exception {
        for (String address : new String[] {"0.0.0.0:15000", ":15000", "*:1", "[::]:15000", "10.1.2.3:15000"}) {
            UserError error = refused("--admin", address);
            assertEquals(ExitCodes.USAGE, error.exitCode(), address);
            assertTrue(error.getMessage().contains("--admin-token"), error.getMessage());
            assertFalse(error.getMessage().contains("\n"));
            assertNotNull(wanted("--admin", address, "--admin-token", token("t\n")));
        }
        for (String address : new String[] {"127.0.0.1:0", "127.9.9.9:1", "localhost:15000", "[::1]:15000"}) {
            assertNotNull(wanted("--admin", address), address);
        }
    }

    @Test
    void aTokenThatCannotBeReadIsNamed() throws IOException {
        UserError missing = refused("--admin-token", folder.resolve("gone").toString());
        assertEquals(ExitCodes.REFUSED, missing.exitCode());
        assertTrue(missing.getMessage().contains("gone"), missing.getMessage());
        assertTrue(refused("--admin-token", token(" \n")).getMessage().contains("empty"));
        assertTrue(
                refused("--admin-token", token("x".repeat(5000))).getMessage().contains("too long"));
    }

    @Test
    void oddAddressesAreUsageErrors() {
        for (String address : new String[] {"", "here", "127.0.0.1:99999", "127.0.0.1:"}) {
            assertEquals(ExitCodes.USAGE, refused("--admin=" + address).exitCode(), address);
        }
    }

    @Test
    void certificatesThatCannotBeReadAreNamedAtStart() throws Exception {
        String gone = folder.resolve("no-certs").toString();
        RunOptions options = CommandLine.populateCommand(new RunOptions(), "--certs", gone);
        UserError error = assertThrows(UserError.class, options::checkCerts);
        assertEquals(ExitCodes.REFUSED, error.exitCode());
        assertTrue(error.getMessage().contains(gone), error.getMessage());
        CommandLine.populateCommand(new RunOptions(), "--certs", folder.toString())
                .checkCerts();
    }
}
