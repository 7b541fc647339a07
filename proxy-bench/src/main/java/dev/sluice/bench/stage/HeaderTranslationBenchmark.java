package dev.sluice.bench.stage;

import dev.sluice.bench.exchange.Samples;
import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
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

/** The nine headers of a request from one protocol to the other. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class HeaderTranslationBenchmark {
    private final Headers ofHttp1 = filled(H1Headers.create());
    private final Headers ofHttp2 = filled(H2Headers.create());

    private static Headers filled(Headers headers) {
        Samples.fields().forEach((name, value) -> headers.add(AsciiString.of(name), value));
        return headers;
    }

    @Benchmark
    public H2Headers toHttp2() {
        return HeaderTranslation.toH2(ofHttp1);
    }

    @Benchmark
    public H1Headers toHttp1() {
        return HeaderTranslation.toH1(ofHttp2);
    }
}
