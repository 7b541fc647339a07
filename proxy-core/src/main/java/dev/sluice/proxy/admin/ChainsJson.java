package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.proxy.tls.CertificateStatus;
import dev.sluice.proxy.tls.TlsRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The chains of a listener as JSON: which connections each takes, how TLS ends there and with which certificates. */
final class ChainsJson {
    private ChainsJson() {}

    /** Writes the field {@code filter_chains}; nothing for a listener without. */
    static void write(List<ChainPlan> chains, TlsRegistry tls, JsonGenerator json) throws IOException {
        if (chains.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("filter_chains");
        for (ChainPlan chain : chains) {
            json.writeStartObject();
            json.writeStringField("name", chain.name());
            match(chain.match(), json);
            json.writeStringField("carries", chain.target() instanceof ChainTarget.Http ? "requests" : "bytes");
            ServerTlsPlan ends = chain.tls();
            if (ends != null) {
                tls(ends, tls.certificates(ends), json);
            }
            json.writeStringField("origin", chain.origin().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void match(ChainMatchPlan match, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("match");
        if (match.tls()) {
            json.writeStringField("transport_protocol", "tls");
        }
        words("server_names", match.serverNames(), json);
        if (match.destinationPort() != 0) {
            json.writeNumberField("destination_port", match.destinationPort());
        }
        words("prefix_ranges", match.destinations().stream().map(Cidr::toString).toList(), json);
        json.writeEndObject();
    }

    private static void tls(ServerTlsPlan plan, List<CertificateStatus> certificates, JsonGenerator json)
            throws IOException {
        json.writeObjectFieldStart("tls");
        json.writeStringField(
                "client_certificate", plan.clientCertificate().name().toLowerCase(Locale.ROOT));
        words("alpn", plan.alpn(), json);
        json.writeArrayFieldStart("certificates");
        for (CertificateStatus certificate : certificates) {
            json.writeStartObject();
            json.writeStringField("name", certificate.name());
            json.writeStringField("subject", certificate.subject());
            words("subject_alt_names", certificate.names(), json);
            instant("valid_from", certificate.notBefore(), json);
            Instant end = certificate.notAfter();
            instant("expiration_time", end, json);
            if (end != null) {
                json.writeNumberField(
                        "days_until_expiration",
                        Duration.between(Instant.now(), end).toDays());
            }
            JsonText.optional(json, "problem", certificate.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void instant(String field, @Nullable Instant time, JsonGenerator json) throws IOException {
        JsonText.optional(json, field, time == null ? null : time.toString());
    }

    private static void words(String field, Collection<String> words, JsonGenerator json) throws IOException {
        if (!words.isEmpty()) {
            json.writeArrayFieldStart(field);
            for (String word : words) {
                json.writeString(word);
            }
            json.writeEndArray();
        }
    }
}
