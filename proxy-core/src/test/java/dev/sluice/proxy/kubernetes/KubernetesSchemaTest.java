package dev.sluice.proxy.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the judge of the other tests judges. */
class KubernetesSchemaTest {
    @Test
    void takesAPod() {
        assertEquals(
                1,
                KubernetesSchema.valid(
                                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a}]}}")
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{containers: [{name: a, imagx: b}]}",
                "{containers: [{image: a}]}",
                "{containers: [{name: a, ports: [{containerPort: x}]}]}",
                "{containers: [{name: a, securityContext: {runAsUser: {}}}]}",
                "{initContainers: []}"
            })
    void refusesWhatTheSchemaRefuses(String spec) {
        assertThrows(
                AssertionError.class,
                () -> KubernetesSchema.valid("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: " + spec + "}"));
    }
}
