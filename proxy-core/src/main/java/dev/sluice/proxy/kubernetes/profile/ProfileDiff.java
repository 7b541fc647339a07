package dev.sluice.proxy.kubernetes.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What differs between two trees, setting by setting. */
public final class ProfileDiff {
    private ProfileDiff() {}

    /** Lines {@code - path: old} and {@code + path: new}, by path; none when the two are equal. */
    public static List<String> lines(ProfileTree from, ProfileTree to) {
        Map<String, String> before = from.leaves();
        Map<String, String> after = to.leaves();
        TreeSet<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        List<String> lines = new ArrayList<>();
        for (String path : paths) {
            String old = before.get(path);
            String now = after.get(path);
            if (old != null && !old.equals(now)) {
                lines.add("- " + path + ": " + old);
            }
            if (now != null && !now.equals(old)) {
                lines.add("+ " + path + ": " + now);
            }
        }
        return lines;
    }
}
