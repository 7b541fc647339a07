package dev.sluice.proxy.app.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration that is trained with: one of each kind and of each action that most configurations use. */
final class TrainingFiles {
    private TrainingFiles() {}

    /** Writes it; the gateway's port is free as far as anybody knows. */
    static void write(Path folder, int gateway, int http1, int http2, int grpc) throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), gateway("train", "HTTP", gateway));
        Files.writeString(folder.resolve("routes.yaml"), ROUTES);
        Files.writeString(
                folder.resolve("services.yaml"),
                service("one.train", "HTTP", http1)
                        + service("two.train", "HTTP2", http2)
                        + service("call.train", "GRPC", grpc));
    }

    /** Writes what answers the same requests with nothing but routes: every host is one, and one file holds all. */
    static void writeFew(Path folder, int gateway, int http1) throws IOException {
        Files.writeString(folder.resolve("all.yaml"), gateway("train", "HTTP", gateway) + few("train", http1));
    }

    /**
     * Writes what answers them with TLS on both sides: the proxy asks itself, by HTTP/1 and HTTP/2 in turn.
     *
     * @param secure port of the server with TLS
     * @param certs folder of credentials, with one of the name {@code train}
     */
    static void writeTls(Path folder, int gateway, int secure, int http1, Path certs) throws IOException {
        Files.writeString(
                folder.resolve("inner.yaml"),
                gateway("secure", "HTTPS", secure)
                        + "    tls: {mode: SIMPLE, credentialName: train}\n"
                        + few("secure", http1));
        Files.writeString(
                folder.resolve("outer.yaml"),
                gateway("train", "HTTP", gateway)
                        + OUTER
                        + toItself("h1.train", "HTTP", secure, certs)
                        + toItself("h2.train", "HTTP2", secure, certs));
    }

    private static String few(String gateway, int http1) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: train}
                spec:
                  hosts: ["*"]
                  gateways: [%2$s]
                  http:
                  - match: [{uri: {prefix: /direct}}]
                    directResponse: {status: 203}
                  - match: [{uri: {prefix: /moved}}]
                    redirect: {uri: /items}
                  - match: [{headers: {end-user: {exact: jason}}}]
                    route: [{destination: {host: one.train, subset: v2}}]
                  - route:
                    - destination: {host: one.train, subset: v1}
                      weight: 75
                    - destination: {host: one.train, subset: v2}
                      weight: 25
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: one}
                spec:
                  host: one.train
                  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: one}
                spec:
                  hosts: [one.train]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints:
                  - {address: 127.0.0.1, ports: {http: %1$d}, labels: {version: v1}}
                  - {address: 127.0.0.1, ports: {http: %1$d}, labels: {version: v2}}
                """
                .formatted(http1, gateway);
    }

    private static String toItself(String host, String protocol, int secure, Path certs) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s}
                spec:
                  hosts: [%1$s]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: %2$s}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %3$d}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %1$s}
                spec:
                  host: %1$s
                  trafficPolicy:
                    tls: {mode: SIMPLE, sni: train.test, caCertificates: "%4$s"}
                """
                .formatted(host, protocol, secure, certs.resolve("train").resolve("tls.crt"));
    }

    /** Its only server is the last line's, which more of it may follow. */
    private static String gateway(String name, String protocol, int port) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: %s}
                spec:
                  servers:
                  - port: {number: %d, name: http, protocol: %s}
                    bind: 127.0.0.1
                    hosts: ["*"]
                """
                .formatted(name, port, protocol);
    }

    private static final String OUTER =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: outer}
            spec:
              hosts: ["*"]
              gateways: [train]
              http:
              - route:
                - {destination: {host: h1.train}, weight: 50}
                - {destination: {host: h2.train}, weight: 50}
            """;

    private static final String ROUTES =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: train}
            spec:
              hosts: [train.test]
              gateways: [train]
              http:
              - match: [{uri: {exact: /direct}}]
                directResponse: {status: 203, body: {string: hello}}
              - match: [{uri: {prefix: /moved}}]
                redirect: {uri: /items}
              - match: [{headers: {end-user: {exact: jason}}}]
                route: [{destination: {host: one.train, subset: v2}}]
              - match: [{uri: {regex: "/items(/[0-9]+)?"}, method: {exact: POST}}]
                rewrite: {uri: /rewritten}
                route: [{destination: {host: one.train, subset: v1}}]
              - match: [{uri: {prefix: /items}}]
                timeout: 60s
                retries: {attempts: 2, perTryTimeout: 30s, retryOn: "5xx,reset"}
                headers: {request: {set: {x-train: "1"}}, response: {add: {x-trained: "1"}}}
                route:
                - {destination: {host: one.train, subset: v1}, weight: 75}
                - {destination: {host: one.train, subset: v2}, weight: 25}
              - route:
                - {destination: {host: two.train, subset: v1}, weight: 75}
                - {destination: {host: two.train, subset: v2}, weight: 25}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: call}
            spec:
              hosts: [grpc.test]
              gateways: [train]
              http:
              - route: [{destination: {host: call.train}}]
            """;

    private static String service(String host, String protocol, int port) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s}
                spec:
                  hosts: [%1$s]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: %2$s}]
                  endpoints:
                  - {address: 127.0.0.1, ports: {http: %3$d}, labels: {version: v1}}
                  - {address: 127.0.0.1, ports: {http: %3$d}, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %1$s}
                spec:
                  host: %1$s
                  trafficPolicy:
                    loadBalancer: {simple: LEAST_REQUEST}
                    connectionPool: {tcp: {maxConnections: 1000}, http: {http2MaxRequests: 1000}}
                    outlierDetection: {consecutive5xxErrors: 5, interval: 10s, maxEjectionPercent: 50}
                  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
                """
                .formatted(host, protocol, port);
    }
}
