package dev.alertuser.payload.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text in the encodings that senders use: Base64 in all variants, UTF-8 and UTF-16. */
public final class EncodedText {
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\uFEFF]+");
    private static final Pattern PADDING = Pattern.compile("={1,2}$");
    private static final String MARK = "\uFEFF";
    private static final char REPLACEMENT = '\uFFFD';

    private EncodedText() {}

    /**
     * Decodes Base64 with or without padding and line breaks, in either alphabet, of UTF-8 or UTF-16.
     *
     * @return empty if the text is no Base64 or does not decode to plain text. An alert id can be valid Base64, but it does not decode to
     *     plain text
     */
    public static Optional<String> ofBase64(String text) {
        String letters =
                PADDING.matcher(WHITE_SPACE.matcher(text).replaceAll("")).replaceFirst("");
        String standard = letters.replace('-', '+').replace('_', '/');
        try {
            byte[] bytes = Base64.getDecoder().decode(standard);
            // No encoder leaves bits set in the unused part of the last letter.
            boolean isCanonical =
                    Base64.getEncoder().withoutPadding().encodeToString(bytes).equals(standard);
            return bytes.length > 0 && isCanonical ? ofBytes(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The text without the NULs that remain after UTF-16 was read as UTF-8; any other text unchanged. */
    public static String ofMisreadUtf16(String text) {
        int start = 0;
        while (start < text.length() && text.charAt(start) == REPLACEMENT) {
            start++;
        }
        int nul = text.indexOf('\0', start);
        return nul == start || nul == start + 1 ? text.substring(start).replace("\0", "") : text;
    }

    /** Recognises UTF-16 by its byte order mark, or by the zero bytes of ASCII: JSON and ids begin with ASCII and mostly consist of it. */
    private static Optional<String> ofBytes(byte[] bytes) {
        if (startsWith(bytes, 0xFF, 0xFE) || isMostlyAscii(bytes, 1)) {
            return decode(bytes, UTF_16LE);
        } else if (startsWith(bytes, 0xFE, 0xFF) || isMostlyAscii(bytes, 0)) {
            return decode(bytes, UTF_16BE);
        }
        return decode(bytes, UTF_8);
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    private static boolean isMostlyAscii(byte[] bytes, int highByte) {
        if (bytes.length % 2 != 0 || bytes[highByte] != 0) {
            return false;
        }
        int zeros = 0;
        for (int i = highByte; i < bytes.length; i += 2) {
            zeros += bytes[i] == 0 ? 1 : 0;
        }
        return zeros * 4 >= bytes.length;
    }

    private static Optional<String> decode(byte[] bytes, Charset charset) {
        try {
            String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            String unmarked = text.startsWith(MARK) ? text.substring(MARK.length()) : text;
            return Optional.of(unmarked).filter(plain -> plain.chars().allMatch(EncodedText::isPlain));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(int c) {
        return !Character.isISOControl(c) || Character.isWhitespace(c);
    }
}
