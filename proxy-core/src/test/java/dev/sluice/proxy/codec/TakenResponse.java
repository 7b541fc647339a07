package dev.sluice.proxy.codec;

import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a response and keeps it, as lines, for a test to look at. */
public final class TakenResponse implements ResponseReader {
    public final List<String> events = new ArrayList<>();
    public long bytes;

    @Nullable
    public ResponseHead head;

    @Nullable
    public ProxyError reset;

    @Override
    public void onInformational(ResponseHead informational) {
        events.add(informational.status() + " " + Heads.lines(informational.headers()));
    }

    @Override
    public void onHead(ResponseHead received, boolean last) {
        head = received;
        events.add(received.status() + " " + Heads.lines(received.headers()) + (last ? "|" : ""));
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        String text = data.toString(StandardCharsets.ISO_8859_1);
        data.release();
        bytes += text.length();
        events.add((text.length() > 64 ? "<" + text.length() + ">" : text) + (last ? "|" : ""));
    }

    @Override
    public void onTrailers(Headers trailers) {
        events.add("trailers " + Heads.lines(trailers));
    }

    @Override
    public void onReset(ProxyError error) {
        reset = error;
        events.add("reset " + error.code());
    }

    @Override
    public void onWritable() {
        events.add("writable");
    }
}
