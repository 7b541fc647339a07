package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.checkWith;
import static dev.sluice.config.validate.cross.Documents.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

/** IST0134 and IST0177: ports of ServiceEntries. */
class EntryAnalysisTest {
    @Test
    void aPortWithoutAProtocolNeedsAnAddress() {
        check(entry("se", "[a.com]", "TCP"), "IST0134 warning TCP | needs addresses");
        check(entry("se", "[a.com]", "''"), "IST0134 warning '' | needs addresses");
        check(entry("se", "[a.com], addresses: [10.0.0.1]", "TCP"));
        check(entry("se", "[a.com]", "HTTP"));
    }

    @Test
    void aMeshThatHandsAddressesOutNeedsNone() {
        checkWith(
                List.of(
                        "defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE=true",
                        "defaultConfig.proxyMetadata.ISTIO_META_DNS_AUTO_ALLOCATE=true"),
                entry("se", "[a.com]", "TCP"));
        checkWith(
                List.of("defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE=true"),
                entry("se", "[a.com]", "TCP"),
                "IST0134 warning TCP | needs addresses");
    }

    @Test
    void onePortOfAHostHasOneProtocol() {
        check(
                entry("a", "[a.com]", "HTTP") + entry("b", "[a.com]", "GRPC"),
                "IST0177 warning HTTP | port 90 of \"a.com\" is GRPC in ServiceEntry shop/b",
                "IST0177 warning GRPC | port 90 of \"a.com\" is HTTP in ServiceEntry shop/a");
        check(
                entry("a", "[A.com]", "HTTP") + entry("b", "[a.com]", "http") + entry("c", "[a.com]", "HTTP2"),
                "IST0177 warning HTTP | is HTTP2 in ServiceEntry shop/c",
                "IST0177 warning http} | is HTTP2 in ServiceEntry shop/c",
                "IST0177 warning HTTP2 | is HTTP in ServiceEntry shop/a");
        check(entry("a", "[a.com]", "HTTP") + entry("b", "[b.com]", "GRPC"));
    }

    @Test
    void whoAreNotSeenTogetherMayDiffer() {
        check(entry("a", "[a.com], exportTo: [east]", "HTTP") + entry("b", "[a.com], exportTo: [west]", "GRPC"));
        check(
                entry("a", "[a.com], exportTo: [east]", "HTTP") + entry("b", "[a.com]", "GRPC"),
                "IST0177 warning HTTP | is GRPC in ServiceEntry shop/b",
                "IST0177 warning GRPC | is HTTP in ServiceEntry shop/a");
    }
}
