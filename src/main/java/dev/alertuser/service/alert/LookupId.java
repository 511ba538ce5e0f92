package dev.alertuser.service.alert;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a {@link PendingLookup}. It grants the right to read the answer, so it is not logged.
 *
 * @param day the UTC day on which the lookup was made; it names the partition of the stored row
 * @param secret 128 random bits in hexadecimal
 */
public record LookupId(LocalDate day, String secret) {
    private static final Pattern FORM = Pattern.compile("(\\d{8})-([0-9a-f]{32})");
    private static final int SECRET_BYTES = 16;

    /** Makes a new id. */
    public static LookupId random(LocalDate day, SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new LookupId(day, HexFormat.of().formatHex(secret));
    }

    /** Reads the form of {@link #text}; empty for any other text. */
    public static Optional<LookupId> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.parse(matcher.group(1), DateTimeFormatter.BASIC_ISO_DATE);
            return Optional.of(new LookupId(day, matcher.group(2)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The form used in URLs: {@code 20260131-} and 32 hexadecimal digits. */
    public String text() {
        return day.format(DateTimeFormatter.BASIC_ISO_DATE) + "-" + secret;
    }

    /** Withholds the secret. */
    @Override
    public String toString() {
        return "LookupId[" + day + ", withheld]";
    }
}
