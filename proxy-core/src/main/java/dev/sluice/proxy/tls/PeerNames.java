package dev.sluice.proxy.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names that a certificate is for, by its subjectAltName extension alone: the common name never counts. */
final class PeerNames {
    // Kinds of names by their number in RFC 5280, section 4.2.1.6.
    static final int EMAIL = 1;
    static final int DNS = 2;
    static final int URI = 6;
    static final int IP = 7;

    private PeerNames() {}

    /**
     * One name.
     *
     * @param type {@link #EMAIL}, {@link #DNS}, {@link #URI} or {@link #IP}
     */
    record Name(int type, String value) {
        @Override
        public String toString() {
            return value;
        }
    }

    /** All names, of the four kinds. */
    static List<Name> of(X509Certificate certificate) {
        List<Name> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (name.get(0) instanceof Integer type
                            && name.get(1) instanceof String value
                            && (type == EMAIL || type == DNS || type == URI || type == IP)) {
                        names.add(new Name(type, value));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // An extension that cannot be read names nobody.
            return List.of();
        }
        return names;
    }

    /** Those of one type, as written. */
    static List<String> ofType(X509Certificate certificate, boolean uri) {
        List<String> values = new ArrayList<>();
        for (Name name : of(certificate)) {
            if (name.type() == (uri ? URI : DNS)) {
                values.add(name.value());
            }
        }
        return values;
    }

    /** The first URI, as written; empty when there is none, or no certificate. */
    static String firstUri(@Nullable X509Certificate certificate) {
        List<String> uris = certificate == null ? List.of() : ofType(certificate, true);
        return uris.isEmpty() ? "" : uris.get(0);
    }

    /** Whether the host name {@code wanted} is among the names as it is, not by a wildcard. */
    static boolean hasDns(List<Name> names, String wanted) {
        for (Name name : names) {
            if (name.type() == DNS && name.value().equalsIgnoreCase(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of {@code wanted} is among the names. */
    static boolean anyOf(List<Name> names, List<String> wanted) {
        for (String want : wanted) {
            for (Name name : names) {
                if (is(name, want)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean is(Name name, String wanted) {
        return switch (name.type()) {
            case DNS -> isDns(name.value().toLowerCase(Locale.ROOT), wanted.toLowerCase(Locale.ROOT));
            case IP -> isSameAddress(name.value(), wanted);
            default -> name.value().equals(wanted);
        };
    }

    /**
     * As Envoy compares them (RFC 6125, section 6.4.3): one star, in the first label alone, stands for any part of a label.
     * What is behind that label may be one label, too: {@code *.internal} is a name of private authorities.
     */
    private static boolean isDns(String name, String wanted) {
        if (name.equals(wanted)) {
            return true;
        }
        int nameDot = name.indexOf('.');
        int wantedDot = wanted.indexOf('.');
        int star = name.indexOf('*');
        if (star < 0 || star > nameDot || star != name.lastIndexOf('*') || wantedDot < 0 || name.startsWith("xn--")) {
            return false;
        }
        String before = name.substring(0, star);
        String behind = name.substring(star + 1, nameDot);
        String label = wanted.substring(0, wantedDot);
        return label.length() >= Math.max(1, nameDot - 1)
                && label.startsWith(before)
                && label.endsWith(behind)
                && wanted.substring(wantedDot).equals(name.substring(nameDot));
    }

    private static boolean isSameAddress(String name, String wanted) {
        if (!NetUtil.isValidIpV4Address(wanted) && !NetUtil.isValidIpV6Address(wanted)) {
            return false;
        }
        try {
            // Literals only: nothing is looked up.
            return InetAddress.getByName(name).equals(InetAddress.getByName(wanted));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
