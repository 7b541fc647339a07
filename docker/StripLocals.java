import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Takes the names of local variables out of jars, which only a debugger reads: {@code java StripLocals.java EPOCH JAR…}. Lines and
 * source files stay, for stack traces. Entries keep their order and get the time EPOCH (seconds).
 */
final class StripLocals {
    private static final Set<String> DROPPED = Set.of("LocalVariableTable", "LocalVariableTypeTable");
    private static final long YEAR_1980 = 315_532_800;
    private static final int MAGIC = 0xCAFEBABE;

    private final String[] names;
    private final DataInputStream in;
    private final DataOutputStream out;

    private StripLocals(DataInputStream in, DataOutputStream out, int constants) {
        this.in = in;
        this.out = out;
        this.names = new String[constants];
    }

    public static void main(String[] arguments) throws IOException {
        long epoch = Long.parseLong(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            jar(Path.of(arguments[i]), epoch);
        }
    }

    private static void jar(Path jar, long epoch) throws IOException {
        Path next = jar.resolveSibling(jar.getFileName() + ".next");
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(next))) {
            out.setLevel(9);
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] bytes = in.readAllBytes();
                ZipEntry copy = new ZipEntry(entry.getName());
                // As the archive's own format has it, which knows no time before 1980.
                copy.setTimeLocal(LocalDateTime.ofEpochSecond(Math.max(epoch, YEAR_1980), 0, ZoneOffset.UTC));
                out.putNextEntry(copy);
                out.write(entry.getName().endsWith(".class") ? strip(bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A class file without them (JVMS 4.1). */
    private static byte[] strip(byte[] file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.length);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
        DataOutputStream out = new DataOutputStream(bytes);
        if (in.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        out.writeInt(MAGIC);
        out.writeInt(in.readInt());
        int constants = in.readUnsignedShort();
        out.writeShort(constants);
        StripLocals self = new StripLocals(in, out, constants);
        self.constants();
        self.copy(6);
        self.copy(2 * self.count());
        self.members(false);
        self.members(true);
        self.attributes(false);
        return bytes.toByteArray();
    }

    private void constants() throws IOException {
        for (int i = 1; i < names.length; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case 1 -> {
                    names[i] = in.readUTF();
                    out.writeUTF(names[i]);
                }
                case 3, 4, 9, 10, 11, 12, 17, 18 -> copy(4);
                case 5, 6 -> {
                    copy(8);
                    // Two places in the pool (JVMS 4.4.5).
                    i++;
                }
                case 7, 8, 16, 19, 20 -> copy(2);
                case 15 -> copy(3);
                default -> throw new IOException("a constant of kind " + tag);
            }
        }
    }

    private void members(boolean methods) throws IOException {
        int count = count();
        for (int i = 0; i < count; i++) {
            copy(6);
            attributes(methods);
        }
    }

    /** @param ofMethod whether Code may be among them */
    private void attributes(boolean ofMethod) throws IOException {
        int count = count();
        for (int i = 0; i < count; i++) {
            int name = in.readUnsignedShort();
            int length = in.readInt();
            out.writeShort(name);
            if (ofMethod && names[name].equals("Code")) {
                code(read(in, length));
            } else {
                out.writeInt(length);
                copy(length);
            }
        }
    }

    private void code(byte[] code) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(code.length);
        DataInputStream from = new DataInputStream(new ByteArrayInputStream(code));
        DataOutputStream to = new DataOutputStream(kept);
        to.writeInt(from.readInt());
        int length = from.readInt();
        to.writeInt(length);
        to.write(read(from, length));
        int handlers = from.readUnsignedShort();
        to.writeShort(handlers);
        to.write(read(from, 8 * handlers));
        int count = from.readUnsignedShort();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        DataOutputStream attributes = new DataOutputStream(rest);
        int left = 0;
        for (int i = 0; i < count; i++) {
            int name = from.readUnsignedShort();
            byte[] value = read(from, from.readInt());
            if (!DROPPED.contains(names[name])) {
                attributes.writeShort(name);
                attributes.writeInt(value.length);
                attributes.write(value);
                left++;
            }
        }
        to.writeShort(left);
        rest.writeTo(to);
        out.writeInt(kept.size());
        kept.writeTo(out);
    }

    private int count() throws IOException {
        int count = in.readUnsignedShort();
        out.writeShort(count);
        return count;
    }

    private void copy(int length) throws IOException {
        out.write(read(in, length));
    }

    /** All of them: what ends early would become a class file that nothing can load. */
    private static byte[] read(DataInputStream from, int length) throws IOException {
        byte[] bytes = new byte[length];
        from.readFully(bytes);
        return bytes;
    }
}
