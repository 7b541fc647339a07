package dev.sluice.proxy.tls;

import dev.sluice.config.plan.chain.CaPlan;
import dev.sluice.config.plan.chain.CredentialPlan;
import dev.sluice.config.plan.chain.CredentialPlan.Named;
import dev.sluice.config.plan.chain.SecretPlan;
import dev.sluice.proxy.tls.pem.CredentialException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds certificates: by file, by name in the folder of {@code --certs}, or by name among the Secrets of the configuration.
 * Blocks; not for event loops. Thread-safe.
 */
final class CredentialStore {
    private static final long MAX_BYTES = 1 << 20;
    private static final String[] CERTIFICATE = {"tls.crt", "cert"};
    private static final String[] KEY = {"tls.key", "key"};
    private static final String[] CA = {"ca.crt", "cacert"};
    private static final String[] CRL = {"ca.crl", "crl"};
    private static final String CA_SUFFIX = "-cacert";

    private final @Nullable Path folder;
    private final Map<Named, SecretPlan> secrets = new ConcurrentHashMap<>();

    /** @param folder of {@code --certs}; null for none */
    public CredentialStore(@Nullable Path folder) {
        this.folder = folder;
    }

    /** Replaces the Secrets that are known. */
    public void secrets(List<SecretPlan> known) {
        secrets.keySet().retainAll(known.stream().map(SecretPlan::id).toList());
        known.forEach(secret -> secrets.put(secret.id(), secret));
    }

    /** What a credential looks like from outside; when it has changed, reading again may give another. */
    private record Stamp(Path file, long modifiedMillis, long size, @Nullable Object inode) {
        // Written out: what a record has by itself is linked at its first use, within the first second of traffic.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Stamp stamp
                    && modifiedMillis == stamp.modifiedMillis
                    && size == stamp.size
                    && file.equals(stamp.file)
                    && Objects.equals(inode, stamp.inode);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * file.hashCode() + Long.hashCode(modifiedMillis)) + Long.hashCode(size);
        }
    }

    /** Something to compare with what this was before: it differs when what the plan names may have changed. */
    Object stamp(@Nullable CredentialPlan credential, @Nullable CaPlan ca) {
        List<Object> stamps = new ArrayList<>();
        if (credential instanceof CredentialPlan.Files files) {
            stamps.add(stamp(files.certificate()));
            stamps.add(stamp(files.privateKey()));
        } else if (credential instanceof Named named) {
            stamps.add(stamp(named, CERTIFICATE));
            stamps.add(stamp(named, KEY));
        }
        if (ca != null) {
            stamps.add(ca.file() == null ? "" : stamp(ca.file()));
            stamps.add(ca.crlFile() == null ? "" : stamp(ca.crlFile()));
            if (ca.credential() != null) {
                stamps.add(stamp(ca.credential(), CA));
                stamps.add(stamp(ca.credential(), CRL));
                stamps.add(stamp(caOf(ca.credential()), CA));
                stamps.add(stamp(caOf(ca.credential()), CRL));
            }
        }
        return stamps;
    }

    private Object stamp(Named named, String[] keys) {
        Path inFolder = folderOf(named);
        if (inFolder != null) {
            return stamp(inFolder.resolve(keys[0]).toString());
        }
        SecretPlan secret = secrets.get(named);
        return secret == null ? "" : secret;
    }

    private static Object stamp(String file) {
        try {
            // Follows links: a ConfigMap's or Secret's volume is swapped by a link called ..data.
            Path path = Path.of(file);
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(path, found.lastModifiedTime().toMillis(), found.size(), found.fileKey());
        } catch (IOException | InvalidPathException e) {
            return "unreadable " + file;
        }
    }

    /** Whether there is something to read of it. */
    boolean isHere(CredentialPlan plan) {
        if (plan instanceof CredentialPlan.Files files) {
            return isFile(files.certificate()) || isFile(files.privateKey());
        }
        return isHere((Named) plan);
    }

    /** Whether there is something to read of what it names; what it leaves to the system is not asked for. */
    boolean isHere(CaPlan plan) {
        if (plan.file() != null) {
            return isFile(plan.file());
        }
        Named named = plan.credential();
        return named != null && (isHere(named) || isHere(caOf(named)));
    }

    private boolean isHere(Named named) {
        return folderOf(named) != null || secrets.containsKey(named);
    }

    private static boolean isFile(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Reads a pair and checks that it belongs together. */
    Credential credential(CredentialPlan plan) throws CredentialException {
        if (plan instanceof CredentialPlan.Files files) {
            return Credential.read(files.certificate(), file(files.certificate()), file(files.privateKey()));
        }
        Named named = (Named) plan;
        byte[] certificate = named(named, CERTIFICATE);
        byte[] key = named(named, KEY);
        if (certificate == null || key == null) {
            throw new CredentialException(
                    named.name() + ": " + missing(named, certificate == null ? "tls.crt" : "tls.key"));
        }
        return Credential.read(named.name(), certificate, key);
    }

    /** Reads authorities and revocation lists. */
    TrustedAuthorities authorities(CaPlan plan) throws CredentialException {
        Named named = plan.credential();
        byte[] crl = plan.crlFile() == null ? null : file(plan.crlFile());
        if (plan.file() != null) {
            return TrustedAuthorities.read(plan.file(), file(plan.file()), crl);
        }
        if (named == null) {
            return TrustedAuthorities.system(crl);
        }
        // The own ca.crt of a credential may be whoever signed it, as cert-manager writes it, and no word on its
        // clients.
        boolean apart = isHere(caOf(named));
        Named of = apart ? caOf(named) : named;
        byte[] ca = named(of, CA);
        if (ca == null) {
            throw new CredentialException(of.name() + ": " + missing(of, "ca.crt")
                    + (apart ? "" : ", nor is there " + caOf(named).name()));
        }
        return TrustedAuthorities.read(of.name(), ca, crl == null ? named(of, CRL) : crl);
    }

    private static Named caOf(Named named) {
        return new Named(named.namespace(), named.name() + CA_SUFFIX);
    }

    private String missing(Named named, String key) {
        Path own = folderOf(named);
        if (own != null) {
            return own.resolve(key) + " is not there";
        }
        if (secrets.containsKey(named)) {
            return "Secret " + named + " has no " + key;
        }
        return folder == null
                ? "no Secret " + named + " is configured, and --certs is not given"
                : "neither " + folder + "/" + named.name() + "/" + key + " nor a Secret " + named + " is there";
    }

    private byte @Nullable [] named(Named named, String[] keys) throws CredentialException {
        Path inFolder = folderOf(named);
        if (inFolder != null) {
            return fileOrNull(inFolder.resolve(keys[0]).toString());
        }
        SecretPlan secret = secrets.get(named);
        if (secret == null) {
            return null;
        }
        for (String key : keys) {
            byte[] value = secret.value(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Its folder; null where there is none, or the name is none for a folder. */
    private @Nullable Path folderOf(Named named) {
        String name = named.name();
        if (folder == null
                || name.isEmpty()
                || name.startsWith(".")
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0) {
            return null;
        }
        Path own = folder.resolve(name);
        return Files.isDirectory(own) ? own : null;
    }

    private static byte[] file(String name) throws CredentialException {
        byte[] read = fileOrNull(name);
        if (read == null) {
            throw new CredentialException(name + ": no such file");
        }
        return read;
    }

    private static byte @Nullable [] fileOrNull(String name) throws CredentialException {
        try {
            Path path = Path.of(name);
            if (Files.size(path) > MAX_BYTES) {
                throw new CredentialException(name + ": larger than " + MAX_BYTES + " bytes");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | InvalidPathException e) {
            throw new CredentialException(
                    name + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }
}
