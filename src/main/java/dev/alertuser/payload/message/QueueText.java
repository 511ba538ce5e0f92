package dev.alertuser.payload.message;

import dev.alertuser.payload.json.EncodedText;

/**
 * The text of a queue message, sent in Base64 or as plain text.
 *
 * <p>host.json turns off the platform's decoding: it would move plain text to the poison queue, fail to decode it there, too, and no
 * function would see the message before it expires after seven days.
 */
public final class QueueText {
    private QueueText() {}

    public static String decode(String message) {
        return EncodedText.ofBase64(message).orElse(message);
    }
}
