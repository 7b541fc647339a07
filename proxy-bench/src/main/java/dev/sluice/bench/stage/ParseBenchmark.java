package dev.sluice.bench.stage;

import dev.sluice.bench.exchange.Samples;
import dev.sluice.proxy.codec.http1.BodyParser;
import dev.sluice.proxy.codec.http1.RequestHeadReader;
import dev.sluice.proxy.codec.http1.RequestParser;
import dev.sluice.proxy.codec.http1.WireLimits;
import dev.sluice.proxy.codec.http2.HpackReader;
import dev.sluice.proxy.codec.http2.RequestInspection;
import dev.sluice.proxy.codec.http2.RequestInspection.Verdict;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the bytes of a request with ten headers to the head that is routed, everything checked on the way. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class ParseBenchmark {
    private static final int MAX_BYTES = 61_440;
    private static final int MAX_HEADERS = 100;
    private static final WireLimits LIMITS = new WireLimits(MAX_BYTES, MAX_BYTES, MAX_HEADERS, 4_096, 16_384);

    private final ByteBuf text = direct(Samples.http1Request());
    private final RequestParser parser = new RequestParser(LIMITS);
    private final RequestHeadReader heads = new RequestHeadReader(new BodyParser(LIMITS, true));

    private final ByteBuf block = direct(Samples.http2Block());
    private final HpackReader hpack = new HpackReader(MAX_BYTES);
    private final RequestInspection inspection = new RequestInspection(MAX_HEADERS);

    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    @Benchmark
    public RequestHead http1() {
        text.readerIndex(0);
        if (!parser.read(text)) {
            throw new IllegalStateException("the request is not whole");
        }
        RequestHead head = heads.read(parser, false);
        // As an exchange does at its end.
        head.headers().recycle();
        return head;
    }

    /** Of literal fields, as HAProxy sends them; from a peer that uses the dynamic table there is less to read. */
    @Benchmark
    public RequestHead http2() throws Http2Exception {
        block.readerIndex(0);
        if (inspection.inspect(hpack.decodeHeaders(1, block), true) != Verdict.PASS) {
            throw new IllegalStateException(inspection.detail());
        }
        RequestHead head = inspection.head();
        head.headers().recycle();
        return head;
    }
}
