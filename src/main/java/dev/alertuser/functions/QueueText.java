package dev.alertuser.functions;

import dev.alertuser.payload.EncodedText;

/**
 * The text of a queue message, sent in Base64 or as it is.
 *
 * <p>host.json tells the platform not to decode: it would move what is not Base64 to the poison queue, fail to decode it there again, and
 * give it to nobody until it vanishes after seven days.
 */
final class QueueText {
    private QueueText() {}

    static String decode(String message) {
        return EncodedText.ofBase64(message).orElse(message);
    }
}
