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
 * The id of a {@link PendingLookup}, and the right to its answer: whoever has it may read, so it is not logged.
 *
 * @param day the UTC day on which the lookup was made, which tells where it is stored
 * @param secret 128 random bits in hexadecimal
 */
public record LookupId(LocalDate day, String secret) {
    private static final Pattern FORM = Pattern.compile("(\\d{8})-([0-9a-f]{32})");
    private static final int SECRET_BYTES = 16;

    /** A new one. */
    public static LookupId random(LocalDate day, SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new LookupId(day, HexFormat.of().formatHex(secret));
    }

    /** Reads what {@link #text} gave; empty for any other text. */
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

    /** As it stands in a URL: {@code 20260131-} and 32 hexadecimal digits. */
    public String text() {
        return day.format(DateTimeFormatter.BASIC_ISO_DATE) + "-" + secret;
    }

    /** Says nothing of the secret. */
    @Override
    public String toString() {
        return "LookupId[" + day + ", withheld]";
    }
}
