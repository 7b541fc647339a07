package dev.sluice.config.source;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.plan.words.SourcePart;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file or of a part of it as it was read, kept packed (a tenth of the trees that it is read into, or less): what a large
 * configuration says is in its plan, and the objects are needed again only when something that many routes depend on has
 * changed. Then it is the version that was read that counts, not what the file may say by now.
 */
final class SourceFile implements SourceText {
    /** What most of these texts are made of, the most common words last; short ones shrink to half by it. */
    private static final byte[] WORDS =
            """
            gateways:
              - mesh
              timeout: 10s
              retries:
                attempts: 3
                perTryTimeout: 2s
              rewrite:
              fault:
              weight: 100
              port:
                number: 8080
            apiVersion: networking.istio.io/v1beta1
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name:\s
              namespace: default
            spec:
              hosts:
              - .svc.cluster.local
              gateways:
              -\s
              http:
              - match:
                - uri:
                    exact: /
                    prefix: /
                  headers:
                    end-user:
                      exact:\s
                route:
                - destination:
                    host:\s
                    subset: v1
            """
                    .getBytes(StandardCharsets.UTF_8);

    private final SourcePart place;
    private final boolean part;
    private final LoadedFile.Reading reading;
    private final int length;
    private byte[] bytes;
    private boolean packed;
    private @Nullable List<ReadObject> objects;

    /**
     * @param place of the text
     * @param part whether it is one of several parts of a file, rather than a file
     */
    SourceFile(SourcePart place, boolean part, byte[] bytes, LoadedFile.Reading reading) {
        this.place = place;
        this.part = part;
        this.bytes = bytes;
        this.length = bytes.length;
        this.reading = reading;
    }

    boolean isPacked() {
        return packed;
    }

    /** @param deflater without a header, reset by this call */
    synchronized void pack(Deflater deflater) {
        if (!packed) {
            deflater.reset();
            deflater.setDictionary(WORDS);
            deflater.setInput(bytes);
            deflater.finish();
            byte[] out = new byte[length / 4 + 64];
            int size = 0;
            while (!deflater.finished()) {
                if (size == out.length) {
                    out = Arrays.copyOf(out, size * 2);
                }
                size += deflater.deflate(out, size, out.length - size);
            }
            bytes = Arrays.copyOf(out, size);
            packed = true;
        }
    }

    private byte[] unpacked() {
        if (!packed) {
            return bytes;
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setDictionary(WORDS);
            inflater.setInput(bytes);
            byte[] out = new byte[length];
            int size = 0;
            while (size < length) {
                int more = inflater.inflate(out, size, length - size);
                if (more == 0) {
                    throw new IllegalStateException(place.file() + " was not packed whole");
                }
                size += more;
            }
            return out;
        } catch (DataFormatException e) {
            throw new IllegalStateException(place.file() + " was packed wrong", e);
        } finally {
            inflater.end();
        }
    }

    /** The rules of the VirtualService that is object number {@code number} of the file, in order of writing. */
    synchronized List<HttpRoute> rules(int number) {
        List<ReadObject> read = objects;
        if (read == null) {
            read = read().objects();
            objects = read;
            reading.opened().add(this);
        }
        return ((VirtualService) read.get(number).object()).http();
    }

    private FileContent read() {
        if (!part) {
            return reading.reader().read(place, unpacked());
        }
        return Objects.requireNonNull(reading.reader().readPart(place, unpacked()), "it could be read by itself once");
    }

    /** Lets go of what was read again. */
    synchronized void close() {
        objects = null;
    }
}
