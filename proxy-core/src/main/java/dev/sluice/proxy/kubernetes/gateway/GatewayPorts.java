package dev.sluice.proxy.kubernetes.gateway;

import static dev.sluice.proxy.kubernetes.inject.Containers.map;

import dev.sluice.proxy.kubernetes.inject.Containers;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlMap;
import dev.sluice.proxy.kubernetes.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.nodes.Node;

/** The ports of a gateway: those of the Gateway objects that select it. */
final class GatewayPorts {
    private static final int MOST_NAME = 15;

    private final GatewaySpec gateway;

    GatewayPorts(GatewaySpec gateway) {
        this.gateway = gateway;
    }

    /**
     * What {@code k8s.service.ports} says, else the ports of the Gateways, else 80 and 443; the port of health is always
     * among them, for load balancers ask it.
     *
     * @param files configuration by its key
     */
    List<Map<String, Object>> service(Map<String, String> files) throws ManifestException {
        if (gateway.k8s("service").get("ports") instanceof List<?> own && !own.isEmpty()) {
            List<Map<String, Object>> ports = new ArrayList<>();
            for (Object port : own) {
                if (!(port instanceof Map<?, ?> map)) {
                    throw new ManifestException(gateway.name() + ": k8s.service.ports: '" + port + "' is no port");
                }
                Map<String, Object> copy = map();
                map.forEach((key, value) -> copy.put(String.valueOf(key), value));
                ports.add(copy);
            }
            return ports;
        }
        TreeMap<Integer, String> numbers = new TreeMap<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            collect(file.getKey(), file.getValue(), numbers);
        }
        if (numbers.isEmpty()) {
            numbers.put(80, "http2");
            numbers.put(443, "https");
        }
        List<Map<String, Object>> ports = new ArrayList<>();
        ports.add(port("status-port", Containers.READY_PORT));
        numbers.forEach((number, name) -> ports.add(port(name, number)));
        return ports;
    }

    private static Map<String, Object> port(String name, int number) {
        return map("name", name, "port", number, "protocol", "TCP", "targetPort", number);
    }

    private void collect(String name, String text, Map<Integer, String> numbers) throws ManifestException {
        for (Node document : YamlText.read(name, text)) {
            if (YamlText.isComment(document)) {
                continue;
            }
            YamlMap object = YamlMap.of(document, name + ": a document");
            YamlMap spec = object.map("spec");
            if (!"Gateway".equals(object.text("kind")) || spec == null || !selects(spec)) {
                continue;
            }
            for (YamlMap server : spec.maps("servers")) {
                YamlMap port = server.map("port");
                String number = port == null ? null : port.text("number");
                if (port == null || number == null) {
                    throw server.error(name + ": a server has no port number");
                }
                String protocol = port.text("protocol");
                numbers.putIfAbsent(number(name, port, number), portName(protocol == null ? "tcp" : protocol, number));
            }
        }
    }

    private static int number(String name, YamlMap port, String text) throws ManifestException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw port.error(name + ": '" + text + "' is no port");
        }
    }

    /** Unique by its number, and a name that Kubernetes and Istio take a protocol from. */
    private static String portName(String protocol, String number) {
        String name = protocol.toLowerCase(Locale.ROOT) + "-" + number;
        return name.length() <= MOST_NAME ? name : "tcp-" + number;
    }

    private boolean selects(YamlMap spec) throws ManifestException {
        YamlMap selector = spec.map("selector");
        return selector == null
                || gateway.labels().entrySet().containsAll(selector.texts().entrySet());
    }
}
