package dev.sluice.config.source;

import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.plan.words.SourcePart;
import dev.sluice.config.validate.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was read last.
 *
 * @param file its fingerprint is from before the read, so that a write during the read shows next time
 * @param settled whether that fingerprint can be trusted; see {@link Fingerprint#settled}
 * @param hash of the bytes; {@link #UNREAD} for a file that could not be read
 * @param content what it says
 * @param lastParsed the objects of the last time that all of it could be parsed; those of the times before too, as long as it
 *     cannot be told which object some document is
 * @param source its text, for objects to be lean and for parts of it to be read again; null where that is of no use
 */
record LoadedFile(
        ConfigFile file,
        boolean settled,
        long hash,
        FileContent content,
        List<ReadObject> lastParsed,
        @Nullable SourceText source) {
    /** The most that is read of one file. */
    static final int MAX_BYTES = 32 * 1024 * 1024;

    /** The hash of a file that could not be read. */
    private static final long UNREAD = 0;

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Whether it need not be read again. */
    boolean current(ConfigFile now) {
        return settled && file.fingerprint().equals(now.fingerprint());
    }

    /** Whether the file says what it said in {@code other}. */
    boolean saysTheSame(LoadedFile other) {
        return hash == other.hash && (hash != UNREAD || content.findings().equals(other.content.findings()));
    }

    /**
     * How files are read.
     *
     * @param opened texts that were read again since the last release; for several threads
     * @param partBytes larger files are read in parts of at least so much
     */
    record Reading(CrdReader reader, ObjectCheck check, Set<SourceFile> opened, int partBytes) {}

    /** Reads a file, and parses it if its bytes are not those of {@code before}. */
    static LoadedFile read(ConfigFile listed, @Nullable LoadedFile before, Reading reading) {
        ConfigFile file = before == null ? listed : new ConfigFile(before.file().name(), listed.fingerprint());
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
        long hash = hash(bytes, 0, bytes.length);
        if (before != null && before.hash() == hash) {
            return new LoadedFile(file, settled, hash, before.content(), before.lastParsed(), before.source());
        }
        List<FilePart> known = before != null && before.source() instanceof FileParts old ? old.parts() : List.of();
        FileParts parts = new PartReader(file.name(), bytes, reading).read(known);
        if (parts != null) {
            FileContent content = parts.content();
            return new LoadedFile(file, settled, hash, content, lasting(content, kept), parts);
        }
        SourcePart place = new SourcePart(file.name());
        FileContent content = checked(reading.reader().read(place, bytes), reading.check());
        if (content.unparsable()) {
            return new LoadedFile(file, settled, hash, content, kept, null);
        }
        SourceFile source = new SourceFile(place, false, bytes, reading);
        return new LoadedFile(file, settled, hash, content, lasting(content, kept), source);
    }

    /** What {@code content} says is in the file, with those of {@code before} that a document may be that has lost its name. */
    private static List<ReadObject> lasting(FileContent content, List<ReadObject> before) {
        if (!content.nameless() || before.isEmpty()) {
            return content.objects();
        }
        List<ReadObject> all = new ArrayList<>(content.objects());
        Set<ReadObject.Id> ids = new HashSet<>();
        all.forEach(read -> ids.add(read.id()));
        before.stream().filter(read -> !ids.contains(read.id())).forEach(all::add);
        return all;
    }

    private static LoadedFile unreadable(ConfigFile file, @Nullable LoadedFile before, String reason) {
        FileContent content = CrdReader.unreadable(file.name(), reason);
        List<ReadObject> kept = before == null ? List.of() : before.lastParsed();
        return new LoadedFile(file, true, UNREAD, content, kept, null);
    }

    /** The same without its text, for objects that stay as they are. */
    LoadedFile withoutSource() {
        if (source instanceof FileParts parts) {
            return new LoadedFile(file, settled, hash, content, lastParsed, parts.withoutSource());
        }
        return source == null ? this : new LoadedFile(file, settled, hash, content, lastParsed, null);
    }

    /** The same with objects that are lean; those that cannot be need no text. */
    LoadedFile lean(Leaner leaner) {
        if (source instanceof FileParts parts) {
            FileParts lean = parts.lean(leaner);
            FileContent objects = lean.content();
            return new LoadedFile(file, settled, hash, objects, lasting(objects, lastParsed), lean);
        }
        if (!(source instanceof SourceFile text) || text.isPacked()) {
            return this;
        }
        List<ReadObject> objects = leaner.lean(content.objects(), text);
        if (objects == null) {
            return withoutSource();
        }
        FileContent lean = content.with(objects);
        return new LoadedFile(file, settled, hash, lean, lasting(lean, lastParsed), source);
    }

    /** Of what value something was told: a rule that finds it missing because it is of the wrong type adds nothing. */
    private record Said(Location at, @Nullable String path) {}

    static FileContent checked(FileContent content, ObjectCheck check) {
        List<ReadObject> objects = new ArrayList<>(content.objects().size());
        List<Finding> findings = new ArrayList<>(content.findings());
        Set<Said> told = new HashSet<>();
        findings.forEach(finding -> told.add(new Said(finding.at(), finding.path())));
        for (ReadObject read : content.objects()) {
            if (!read.valid() && read.object().at().size() == 0) {
                objects.add(read); // without a spec: all that a rule could say is that nothing is there
                continue;
            }
            List<Finding> found = check.check(read.object());
            boolean valid = read.valid() && found.stream().noneMatch(Finding::blocking);
            objects.add(valid == read.valid() ? read : new ReadObject(read.object(), false));
            for (Finding finding : found) {
                if (told.isEmpty() || !told.contains(new Said(finding.at(), finding.path()))) {
                    findings.add(finding);
                }
            }
        }
        Collections.sort(findings);
        return new FileContent(objects, findings, content.unparsable(), content.nameless());
    }

    /**
     * FNV-1a of 64 bits (draft-eastlake-fnv), and the length: tells one version of a file from the next. Whoever could forge
     * one may write the file anyway, and SHA-256 would have every start load the JDK's security providers.
     */
    static long hash(byte[] bytes, int from, int length) {
        long hash = FNV_BASIS;
        for (int i = from; i < from + length; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * FNV_PRIME;
        }
        hash = (hash ^ length) * FNV_PRIME;
        return hash == UNREAD ? FNV_BASIS : hash;
    }
}
