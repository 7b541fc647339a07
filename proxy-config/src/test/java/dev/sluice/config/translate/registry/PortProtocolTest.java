package dev.sluice.config.translate.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortProtocolTest {
    @ParameterizedTest
    @CsvSource({
        "80,    http,        TCP,  ,                  HTTP",
        "80,    http-web,    TCP,  ,                  HTTP",
        "80,    HTTP2-web,   ,     ,                  HTTP2",
        "80,    grpc-web-x,  TCP,  ,                  GRPC_WEB",
        "80,    grpc-x,      TCP,  ,                  GRPC",
        "80,    web,         TCP,  ,                  UNKNOWN",
        "80,    ,            TCP,  ,                  UNKNOWN",
        "80,    httpx,       TCP,  ,                  UNKNOWN",
        "3306,  db,          TCP,  ,                  TCP",
        "3306,  http,        TCP,  ,                  HTTP",
        "53,    dns,         UDP,  http,              UDP",
        "80,    tcp,         TCP,  http,              HTTP",
        "80,    http,        TCP,  kubernetes.io/h2c, HTTP2",
        "80,    http,        TCP,  kubernetes.io/ws,  HTTP",
        "80,    http,        TCP,  kubernetes.io/wss, HTTPS",
        "80,    http,        TCP,  acme.com/own,      UNKNOWN",
    })
    void kubernetesPortsSayItByAppProtocolOrName(
            int port, String name, String transport, String appProtocol, PortProtocol expected) {
        assertEquals(expected, PortProtocol.ofKubernetes(port, name, transport, appProtocol));
    }

    @ParameterizedTest
    @CsvSource({"GRPC-Web, GRPC_WEB", "http_proxy, HTTP_PROXY", "Http, HTTP", "'', UNKNOWN", ", UNKNOWN", "x, UNKNOWN"})
    void namesCompareWithoutCase(String name, PortProtocol expected) {
        assertEquals(expected, PortProtocol.of(name));
    }
}
