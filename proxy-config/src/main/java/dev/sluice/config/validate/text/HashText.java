package dev.sluice.config.validate.text;

/** SHA-256 hashes as a configuration may write them. */
public final class HashText {
    private HashText() {}

    /** 32 bytes in base64: 43 characters and the padding. */
    public static boolean isBase64(String text) {
        return text.length() == 44
                && text.endsWith("=")
                && text.chars().limit(43).allMatch(c -> DnsText.isAlphanumeric((char) c) || c == '+' || c == '/');
    }

    /** 32 bytes in hex, with colons or without. */
    public static boolean isHex(String text) {
        String digits = text.replace(":", "");
        return digits.length() == 64 && digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
    }
}
