package dev.sluice.config.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.config.plan.chain.CredentialPlan;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records whose equality is written out have that of any record: a component more that it forgets fails here. */
class WrittenOutEqualityTest {
    private static final String ROOT = "dev.sluice.config.";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plan.ClusterKey",
                "plan.EndpointPlan",
                "plan.policy.HeaderPlan",
                "plan.policy.HeaderPlan$Entry",
                "plan.policy.HeaderPlan$Operations",
                "plan.ListenerPlan$BindAddress",
                "plan.chain.CaPlan",
                "plan.chain.ClientTlsPlan",
                "plan.chain.CredentialPlan$Files",
                "plan.chain.CredentialPlan$Named",
                "plan.chain.PeerChecksPlan",
                "plan.chain.ServerTlsPlan",
                "plan.chain.TlsVersions",
                "plan.policy.RetryPlan",
                "plan.policy.StringMatchPlan$Exact",
                "crd.read.ReadObject$Id",
                "source.ConfigFile",
                "source.Fingerprint",
                "source.Listing",
                "translate.route.ForwardTranslator$Plain",
                "validate.cross.CertificateAnalysis$Certificate",
                "validate.cross.EntryProtocolAnalysis$Key",
                "validate.cross.GatewayAnalysis$Socket",
                "validate.world.RuleIndex$Question"
            })
    void isThatOfAllComponents(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName(ROOT + name);
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        Object[] values = Arrays.stream(types).map(of -> sample(of, 1)).toArray();
        Object one = constructor.newInstance(values);
        Object same = constructor.newInstance(
                Arrays.stream(types).map(of -> sample(of, 1)).toArray());
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, null);
        for (int i = 0; i < types.length; i++) {
            Object[] changed = values.clone();
            changed[i] = sample(types[i], 2);
            Object other = constructor.newInstance(changed);
            if (types[i] == SourceRef.class) {
                assertEquals(one, other, "a place does not count");
                continue;
            }
            assertNotEquals(one, other, components[i].getName());
            if (components[i].getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                changed[i] = null;
                Object without = constructor.newInstance(changed);
                assertNotEquals(one, without, components[i].getName());
                assertNotEquals(without, one, components[i].getName());
                assertEquals(without, constructor.newInstance(changed));
                assertEquals(
                        without.hashCode(), constructor.newInstance(changed).hashCode());
            }
        }
    }

    private static Object made(Class<?> type, int which) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(
                    Arrays.stream(types).map(of -> sample(of, which)).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object sample(Class<?> type, int which) {
        if (type == String.class || type == Object.class) {
            return new String("value " + which); // another object each time: identity is not equality
        } else if (type == int.class) {
            return which;
        } else if (type == boolean.class) {
            return which == 1;
        } else if (type == long.class) {
            return (1L << 40) + which;
        } else if (type == Duration.class) {
            return Duration.ofMillis(which);
        } else if (type == FileTime.class) {
            return FileTime.fromMillis(which);
        } else if (type == Map.class) {
            return Map.of("key", "value " + which);
        } else if (type == List.class) {
            return List.of("value " + which);
        } else if (type == Set.class) {
            return Set.of("value " + which);
        } else if (type == Path.class) {
            return Path.of("value " + which);
        } else if (type == CredentialPlan.class) {
            return new CredentialPlan.Named("space", "value " + which);
        } else if (type == SourceRef.class) {
            return new SourceRef("value " + which, which, which);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[which];
        } else if (type.isRecord()) {
            return made(type, which);
        }
        throw new IllegalArgumentException("no sample of " + type);
    }
}
