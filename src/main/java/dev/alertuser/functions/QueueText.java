package dev.alertuser.functions;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The text of a queue message, sent in Base64 or as it is.
 *
 * <p>host.json tells the platform not to decode: it would move what is not Base64 to the poison queue, fail to decode it there again, and
 * give it to nobody until it vanishes after seven days.
 */
final class QueueText {
    private QueueText() {}

    /**
     * Takes a message for Base64 if it decodes to plain text. An alert id may be Base64 by its letters, but what it decodes to is no text.
     */
    static String decode(String message) {
        try {
            byte[] bytes = Base64.getDecoder().decode(message.strip());
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.chars().allMatch(QueueText::isPlain) ? text : message;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return message;
        }
    }

    private static boolean isPlain(int c) {
        return !Character.isISOControl(c) || Character.isWhitespace(c);
    }
}
