package dev.sluice.bench.stage;

import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.telemetry.RequestMetrics;
import dev.sluice.proxy.telemetry.RequestTable;
import dev.sluice.proxy.telemetry.WorkloadLabels;
import dev.sluice.proxy.telemetry.accesslog.AccessLog;
import dev.sluice.proxy.telemetry.accesslog.LogFormat;
import dev.sluice.proxy.telemetry.line.LineSink;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to tell of a request that has ended: its line in the access log, and the metrics of Istio. The log's stream
 * takes everything at once, so this is the event loop's share and the copying of the lines.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls start() before anything else
public class ObserverBenchmark {
    private static final int BUFFER_BYTES = 1024 * 1024;

    private Exchange exchange;
    private AccessLog text;
    private AccessLog json;
    private RequestMetrics metrics;

    @Setup
    public void start() throws IOException, MissingConfigException {
        exchange = EndedExchange.ok();
        text = new AccessLog(LogFormat.of(ProxySettingsPlan.DEFAULTS), sink());
        json = new AccessLog(LogFormat.json(LogFormat.DEFAULT_JSON), sink());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics = new RequestMetrics(
                new RequestTable(registry), registry, RequestMetrics.Reporter.SOURCE, WorkloadLabels.UNKNOWN);
    }

    private static LineSink sink() throws IOException {
        return new LineSink("bench", OutputStream::nullOutputStream, BUFFER_BYTES);
    }

    @Benchmark
    public void logLine() {
        text.onEnd(exchange);
    }

    @Benchmark
    public void logLineJson() {
        json.onEnd(exchange);
    }

    @Benchmark
    public void metrics() {
        metrics.onEnd(exchange);
    }

    @TearDown
    public void stop() throws InterruptedException {
        boolean ended = text.close() && json.close();
        if (!ended) {
            throw new IllegalStateException("the log's thread still runs");
        }
    }
}
