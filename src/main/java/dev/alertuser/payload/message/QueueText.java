package dev.alertuser.payload.message;

import dev.alertuser.payload.json.EncodedText;

/**
 * The text of a queue message, sent in Base64 or as it is.
 *
 * <p>host.json tells the platform not to decode: it would move what is not Base64 to the poison queue, fail to decode it there again, and
 * give it to nobody until it vanishes after seven days.
 */
public final class QueueText {
    private QueueText() {}

    public static String decode(String message) {
        return EncodedText.ofBase64(message).orElse(message);
    }
}
