package dev.sluice.proxy.kubernetes.inject;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.math.BigDecimal;
import java.util.Map;

/** Kubernetes' quantities: a decimal number, then a suffix or an exponent. */
public final class Amounts {
    private static final Pattern QUANTITY =
            Pattern.compile("\\+?([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:([KMGTPE])i|([numkMGTPE])|[eE]([-+]?[0-9]{1,3}))?");

    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final String BINARY = "KMGTPE";
    private static final String DECIMAL = "kMGTPE";

    private Amounts() {}

    /**
     * The same resources, if a pod may have them: every amount is one, and none is asked for that is more than its limit.
     *
     * @param place of the setting, for messages
     */
    public static Map<String, Object> checked(String place, Map<String, Object> resources) throws ManifestException {
        for (Map.Entry<String, Object> side : resources.entrySet()) {
            if (side.getValue() instanceof Map<?, ?> amounts) {
                for (Map.Entry<?, ?> amount : amounts.entrySet()) {
                    read(place + side.getKey() + "." + amount.getKey(), amount.getValue());
                }
            }
        }
        if (resources.get("requests") instanceof Map<?, ?> requests
                && resources.get("limits") instanceof Map<?, ?> limits) {
            for (Map.Entry<?, ?> request : requests.entrySet()) {
                Object limit = limits.get(request.getKey());
                if (limit != null && read(place, request.getValue()).compareTo(read(place, limit)) > 0) {
                    throw new ManifestException(place + "requests." + request.getKey() + ": " + request.getValue()
                            + " is more than its limit, " + limit);
                }
            }
        }
        return resources;
    }

    /** How much a quantity is. */
    static BigDecimal read(String place, Object quantity) throws ManifestException {
        Matcher parts = QUANTITY.matcher(quantity.toString());
        if (!parts.matches()) {
            throw new ManifestException(place + ": '" + quantity + "' is no quantity, such as 100m or 128Mi");
        }
        BigDecimal number = new BigDecimal(parts.group(1));
        if (parts.group(2) != null) {
            return number.multiply(KIBI.pow(BINARY.indexOf(parts.group(2)) + 1));
        }
        if (parts.group(3) != null) {
            return number.scaleByPowerOfTen(power(parts.group(3)));
        }
        return parts.group(4) == null ? number : number.scaleByPowerOfTen(Integer.parseInt(parts.group(4)));
    }

    private static int power(String suffix) {
        return switch (suffix) {
            case "n" -> -9;
            case "u" -> -6;
            case "m" -> -3;
            default -> 3 * (DECIMAL.indexOf(suffix) + 1);
        };
    }
}
