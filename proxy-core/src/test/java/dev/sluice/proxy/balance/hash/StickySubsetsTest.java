package dev.sluice.proxy.balance.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What 100,000 keys do while a route's weights change. */
class StickySubsetsTest {
    private static final int KEYS = 100_000;
    private static final long[] HASHES =
            IntStream.range(0, KEYS).mapToLong(i -> XxHash64.hash("user-" + i)).toArray();

    private static DestinationPlan version(int number, int weight) {
        ClusterKey cluster = new ClusterKey("reviews.default.svc.cluster.local", 9080, "v" + number);
        return new DestinationPlan(cluster, weight, HeaderPlan.NONE, HashPlan.NONE);
    }

    /** Version of each key, from 1; versions of weight 0 are left out, as the translator leaves them out. */
    private static int[] versions(int... weights) {
        List<DestinationPlan> destinations = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                destinations.add(version(i + 1, weights[i]));
                numbers.add(i + 1);
            }
        }
        Rendezvous rendezvous = new Rendezvous(destinations);
        int[] versions = new int[KEYS];
        for (int i = 0; i < KEYS; i++) {
            versions[i] = numbers.get(rendezvous.pick(HASHES[i]));
        }
        return versions;
    }

    private static int count(int[] versions, int version) {
        return (int) IntStream.of(versions).filter(each -> each == version).count();
    }

    @Property(tries = 25)
    void sharesFollowTheWeights(@ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 100) Integer> weights) {
        int[] versions = versions(weights.stream().mapToInt(Integer::intValue).toArray());
        double sum = weights.stream().mapToInt(Integer::intValue).sum();
        for (int i = 0; i < weights.size(); i++) {
            double share = weights.get(i) / sum;
            // The keys are the same in every run, the weights are not: of all that may come none is seven sigma off.
            assertEquals(KEYS * share, count(versions, i + 1), 7 * Math.sqrt(KEYS * share * (1 - share)));
        }
    }

    @Test
    void growingFromFivePercentToAllMovesOnlyWhatTheChangeAsksAndNobodyBack() {
        int[] steps = {5, 20, 50, 100};
        int[] before = versions(100 - steps[0], steps[0]);
        for (int step = 1; step < steps.length; step++) {
            int[] after = versions(100 - steps[step], steps[step]);
            int moved = 0;
            for (int i = 0; i < KEYS; i++) {
                assertTrue(before[i] != 2 || after[i] == 2, "user-" + i + " left the version that grew");
                moved += before[i] == after[i] ? 0 : 1;
            }
            double asked = (steps[step] - steps[step - 1]) / 100.0;
            assertEquals(asked, (double) moved / KEYS, 0.01);
            before = after;
        }
        assertEquals(KEYS, count(before, 2));
    }

    /** Share of keys that change version, by the formula of docs/adr/0002. */
    private static double expected(int[] before, int[] after) {
        double stays = 0;
        for (int i = 0; i < before.length; i++) {
            double all = 0;
            for (int j = 0; j < before.length; j++) {
                all += Math.max((double) before[j] / before[i], (double) after[j] / after[i]);
            }
            stays += 1 / all;
        }
        return 1 - stays;
    }

    /** What those that grow lack. */
    private static double asked(int[] before, int[] after) {
        double sumBefore = IntStream.of(before).sum();
        double sumAfter = IntStream.of(after).sum();
        double asked = 0;
        for (int i = 0; i < before.length; i++) {
            asked += Math.max(0, after[i] / sumAfter - before[i] / sumBefore);
        }
        return asked;
    }

    private static double moved(int[] before, int[] after) {
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            moved += before[i] == after[i] ? 0 : 1;
        }
        return (double) moved / KEYS;
    }

    @Property(tries = 40)
    void whateverChangesAsManyMoveAsTheFormulaSaysAndNeverTwiceWhatIsAsked(
            @ForAll @Size(min = 2, max = 5) List<@IntRange(min = 1, max = 100) Integer> weights,
            @ForAll @Size(5) List<@IntRange(min = 1, max = 100) Integer> changed) {
        int[] before = weights.stream().mapToInt(Integer::intValue).toArray();
        int[] after = changed.stream()
                .limit(before.length)
                .mapToInt(Integer::intValue)
                .toArray();
        double expected = expected(before, after);
        double asked = asked(before, after);
        assertTrue(expected >= asked - 1e-9 && expected <= 2 * asked / (1 + asked) + 1e-9, expected + " of " + asked);
        if (before.length == 2) {
            assertEquals(asked, expected, 1e-9);
        }
        double sigma = Math.sqrt(expected * (1 - expected) / KEYS);
        assertEquals(expected, moved(versions(before), versions(after)), 7 * sigma + 1e-9);
    }

    /** One grows, one shrinks, the third keeps its share: the one that grows loses nobody, the third sees few changes. */
    @Property(tries = 40)
    void theOnlyOneThatGrowsLosesNoKeyAndOthersExchangeNoMoreThanTheirShareOfTheChange(
            @ForAll @IntRange(min = 1, max = 60) int small,
            @ForAll @IntRange(min = 1, max = 30) int by,
            @ForAll @IntRange(min = 1, max = 9) int third) {
        int[] before = {100 - small - third, small, third};
        int[] after = {100 - small - by - third, small + by, third};
        double share = by / 100.0;
        double expected = expected(before, after);
        assertEquals(share, asked(before, after), 1e-9);
        assertTrue(expected <= share * (1 + third / 100.0) + 1e-9, expected + " of " + share);
        int[] was = versions(before);
        int[] is = versions(after);
        for (int i = 0; i < KEYS; i++) {
            assertTrue(was[i] != 2 || is[i] == 2, "user-" + i + " left the version that grew");
        }
        assertEquals(share, moved(was, is), share * third / 100.0 + 0.01);
    }

    @Test
    void threeVersionsStepByStepMoveWhatTheDecisionRecordSays() {
        assertEquals(0.1565, expected(new int[] {90, 5, 5}, new int[] {75, 20, 5}), 0.0001);
        assertEquals(0.3115, expected(new int[] {75, 20, 5}, new int[] {45, 50, 5}), 0.0001);
        assertEquals(0.2333, expected(new int[] {60, 20, 20}, new int[] {40, 40, 20}), 0.0001);
        assertEquals(0.30, expected(new int[] {40, 20, 40}, new int[] {25, 50, 25}), 0.0001);
        assertEquals(0.40, expected(new int[] {90, 5, 5}, new int[] {50, 25, 25}), 0.0001);
    }

    @Test
    void raisingOneWeightAloneMovesKeysOnlyThere() {
        int[] before = versions(80, 10, 10);
        int[] after = versions(80, 30, 10);
        for (int i = 0; i < KEYS; i++) {
            assertTrue(before[i] == after[i] || after[i] == 2, "user-" + i);
        }
    }

    @Test
    void theOrderOfTheListDoesNotCount() {
        List<DestinationPlan> listed = new ArrayList<>(List.of(version(1, 60), version(2, 30), version(3, 10)));
        Rendezvous one = new Rendezvous(listed);
        List<DestinationPlan> turned = new ArrayList<>(listed);
        Collections.reverse(turned);
        Rendezvous other = new Rendezvous(turned);
        for (long hash : HASHES) {
            assertEquals(listed.get(one.pick(hash)), turned.get(other.pick(hash)));
        }
    }

    @Test
    void aClusterThatStandsThereTwiceHasBothShares() {
        Rendezvous twice = new Rendezvous(List.of(version(1, 50), version(2, 25), version(2, 25)));
        int[] counts = new int[3];
        for (long hash : HASHES) {
            counts[twice.pick(hash)]++;
        }
        assertEquals(50_000, counts[0], 4 * Math.sqrt(KEYS * 0.25));
        assertEquals(25_000, counts[1], 4 * Math.sqrt(KEYS * 0.1875));
        assertEquals(25_000, counts[2], 4 * Math.sqrt(KEYS * 0.1875));
    }
}
