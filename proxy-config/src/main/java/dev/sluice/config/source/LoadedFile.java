package dev.sluice.config.source;

import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.validate.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was read last.
 *
 * @param fingerprint from before the read, so that a write during the read shows next time
 * @param settled whether that fingerprint can be trusted; see {@link Fingerprint#settled}
 * @param hash of the bytes; empty for a file that could not be read
 * @param content what it says
 * @param lastParsed the objects of the last time that all of it could be parsed
 * @param source its text, for objects to be lean; null where that is of no use
 */
record LoadedFile(
        Fingerprint fingerprint,
        boolean settled,
        String hash,
        FileContent content,
        List<ReadObject> lastParsed,
        @Nullable SourceFile source) {
    /** The most that is read of one file. */
    static final int MAX_BYTES = 32 * 1024 * 1024;

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Whether it need not be read again. */
    boolean current(ConfigFile file) {
        return settled && fingerprint.equals(file.fingerprint());
    }

    /** Whether the file says what it said in {@code other}. */
    boolean saysTheSame(LoadedFile other) {
        return hash.equals(other.hash) && (!hash.isEmpty() || content.findings().equals(other.content.findings()));
    }

    /**
     * How files are read.
     *
     * @param opened for {@link SourceFile}s
     */
    record Reading(CrdReader reader, ObjectCheck check, Set<SourceFile> opened) {}

    /** Reads a file, and parses it if its bytes are not those of {@code before}. */
    static LoadedFile read(ConfigFile file, @Nullable LoadedFile before, Reading reading) {
        boolean settled = file.fingerprint().settled(System.currentTimeMillis());
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file.path())) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            return unreadable(file, before, ConfigFiles.reason(e));
        }
        if (bytes.length > MAX_BYTES) {
            return unreadable(file, before, "larger than " + MAX_BYTES + " bytes");
        }
        List<ReadObject> kept = before == null ? List.of() : before.lastParsed();
        if (bytes.length == 0 && !kept.isEmpty()) {
            return unreadable(
                    file, before, "empty now, perhaps half written; its objects stay, delete the file to remove them");
        }
        String hash = hash(bytes);
        if (before != null && before.hash().equals(hash)) {
            return new LoadedFile(
                    file.fingerprint(), settled, hash, before.content(), before.lastParsed(), before.source());
        }
        FileContent content = checked(reading.reader().read(file.name(), bytes), reading.check());
        if (content.unparsable()) {
            return new LoadedFile(file.fingerprint(), settled, hash, content, kept, null);
        }
        SourceFile source = new SourceFile(file.name(), bytes, reading.reader(), reading.opened());
        return new LoadedFile(file.fingerprint(), settled, hash, content, content.objects(), source);
    }

    private static LoadedFile unreadable(ConfigFile file, @Nullable LoadedFile before, String reason) {
        FileContent content = CrdReader.unreadable(file.name(), reason);
        List<ReadObject> kept = before == null ? List.of() : before.lastParsed();
        return new LoadedFile(file.fingerprint(), true, "", content, kept, null);
    }

    /** The same without its text, for objects that stay as they are. */
    LoadedFile withoutSource() {
        return source == null ? this : new LoadedFile(fingerprint, settled, hash, content, lastParsed, null);
    }

    /** The same with objects that are lean; those that cannot be need no text. */
    LoadedFile lean(Leaner leaner) {
        if (source == null || source.isPacked()) {
            return this;
        }
        List<ReadObject> objects = leaner.lean(content.objects(), source);
        if (objects == null) {
            return withoutSource();
        }
        FileContent lean = new FileContent(objects, content.findings(), false);
        return new LoadedFile(fingerprint, settled, hash, lean, lean.objects(), source);
    }

    private static FileContent checked(FileContent content, ObjectCheck check) {
        List<ReadObject> objects = new ArrayList<>(content.objects().size());
        List<Finding> findings = new ArrayList<>(content.findings());
        for (ReadObject read : content.objects()) {
            List<Finding> found = check.check(read.object());
            boolean valid = read.valid() && found.stream().noneMatch(Finding::blocking);
            objects.add(valid == read.valid() ? read : new ReadObject(read.object(), false));
            findings.addAll(found);
        }
        Collections.sort(findings);
        return new FileContent(objects, findings, content.unparsable());
    }

    /**
     * Length and FNV-1a of 64 bits (draft-eastlake-fnv): tells one version of a file from the next. Whoever could forge one
     * may write the file anyway, and SHA-256 would have every start load the JDK's security providers.
     */
    private static String hash(byte[] bytes) {
        long hash = FNV_BASIS;
        for (byte octet : bytes) {
            hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
        }
        return bytes.length + "-" + Long.toHexString(hash);
    }
}
