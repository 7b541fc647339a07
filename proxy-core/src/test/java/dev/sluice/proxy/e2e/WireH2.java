package dev.sluice.proxy.e2e;

import dev.sluice.proxy.codec.RawH2;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/2 on a socket that knows no rules: it writes frames byte by byte and reads what comes as lines such as
 * {@code HEADERS 1 :status=200} or {@code GOAWAY 5 NO_ERROR}, {@code END} behind the last of a stream. Acknowledges
 * SETTINGS and nothing else.
 */
final class WireH2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final String CLOSED = "CLOSED";

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1_000_000);
    private final List<String> lines = new ArrayList<>();
    private final Set<Integer> toldToGo = new HashSet<>();

    /** Connects, and sends the preface with SETTINGS of {@code idsAndValues}. */
    WireH2(InetSocketAddress address, int... idsAndValues) throws IOException {
        this(address, null, idsAndValues);
    }

    /** @param from the client's own address; null for whatever the system takes */
    WireH2(InetSocketAddress address, @Nullable InetAddress from, int... idsAndValues) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort(), from, 0);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        ByteBuf settings = Unpooled.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            settings.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
        frame(SETTINGS, 0, 0, settings);
    }

    // ---- writing

    WireH2 get(int stream, String... further) throws IOException {
        return headers(stream, true, request("GET", further));
    }

    WireH2 post(int stream, String... further) throws IOException {
        return headers(stream, false, request("POST", further));
    }

    WireH2 headers(int stream, boolean end, String... namesAndValues) throws IOException {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(namesAndValues));
    }

    WireH2 data(int stream, boolean end, String text) throws IOException {
        return frame(DATA, end ? END_STREAM : 0, stream, Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    WireH2 rst(int stream, Http2Error code) throws IOException {
        return frame(RST_STREAM, 0, stream, Unpooled.buffer().writeInt((int) code.code()));
    }

    WireH2 frame(int type, int flags, int stream, ByteBuf payload) throws IOException {
        write(bytesOf(type, flags, stream, payload));
        return this;
    }

    /** Writes in one go whatever was put together with {@link #bytesOf}. */
    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    static byte[] bytesOf(int type, int flags, int stream, ByteBuf payload) {
        ByteBuf frame = Unpooled.buffer()
                .writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        byte[] bytes = Arrays.copyOf(frame.array(), frame.readableBytes());
        payload.release();
        frame.release();
        return bytes;
    }

    static String[] request(String method, String... further) {
        return RawH2.request(method, further);
    }

    /** Header block of any bytes in any order. */
    static ByteBuf block(String... namesAndValues) {
        return RawH2.block(namesAndValues);
    }

    // ---- reading

    /** All lines so far, up to and with the first that fits; {@value #CLOSED} ends them in any case. */
    List<String> readUntil(Predicate<String> fits) throws IOException {
        while (true) {
            String line = next();
            lines.add(line);
            if (fits.test(line) || line.equals(CLOSED)) {
                return lines;
            }
        }
    }

    /** The first line about {@code stream} that ends it: its last frame, or a reset. */
    String endOf(int stream) throws IOException {
        List<String> all =
                readUntil(line -> isOf(line, stream) && (line.endsWith(" END") || line.startsWith("RST_STREAM")));
        return all.get(all.size() - 1);
    }

    /** The HEADERS of {@code stream}, once the stream has ended. */
    String answer(int stream) throws IOException {
        String end = endOf(stream);
        return lines.stream()
                .filter(line -> line.startsWith("HEADERS " + stream + " "))
                .findFirst()
                .orElse(end);
    }

    /** Last stream identifiers of the GOAWAYs so far. */
    Set<Integer> toldToGo() {
        return toldToGo;
    }

    private static boolean isOf(String line, int stream) {
        String[] words = line.split(" ", 3);
        return words.length > 1 && words[1].equals(Integer.toString(stream));
    }

    private String next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return CLOSED;
        }
        int length = (first << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        ByteBuf payload = Unpooled.wrappedBuffer(in.readNBytes(length));
        String end = (flags & END_STREAM) != 0 ? " END" : "";
        return switch (type) {
            case DATA -> "DATA " + stream + " " + payload.toString(StandardCharsets.ISO_8859_1) + end;
            case HEADERS -> "HEADERS " + stream + fields(stream, payload) + end;
            case RST_STREAM -> "RST_STREAM " + stream + " " + Http2Error.valueOf(payload.readUnsignedInt());
            case GOAWAY -> goAway(payload);
            case SETTINGS -> settings(flags, payload);
            case WINDOW_UPDATE -> "WINDOW_UPDATE " + stream + " " + payload.readInt();
            case PING -> "PING";
            default -> "TYPE" + type + " " + stream;
        };
    }

    private String goAway(ByteBuf payload) {
        int last = payload.readInt();
        toldToGo.add(last);
        return "GOAWAY " + last + " " + Http2Error.valueOf(payload.readUnsignedInt());
    }

    private String settings(int flags, ByteBuf payload) throws IOException {
        if ((flags & 1) != 0) {
            return "SETTINGS ACK";
        }
        StringBuilder line = new StringBuilder("SETTINGS");
        while (payload.isReadable()) {
            line.append(' ').append(payload.readUnsignedShort()).append('=').append(payload.readUnsignedInt());
        }
        frame(SETTINGS, 1, 0, Unpooled.EMPTY_BUFFER);
        return line.toString();
    }

    private String fields(int stream, ByteBuf payload) throws IOException {
        try {
            Http2Headers headers = decoder.decodeHeaders(stream, payload);
            StringBuilder line = new StringBuilder();
            headers.forEach(
                    field -> line.append(' ').append(field.getKey()).append('=').append(field.getValue()));
            return line.toString();
        } catch (Http2Exception e) {
            throw new IOException("A broken header block", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
