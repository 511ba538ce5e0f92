package dev.alertuser.localkit.host.queue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The text of a queue message as the host, in .NET, reads it. */
final class HostQueueText {
    private HostQueueText() {}

    /** Base64 with its padding and with white space anywhere; empty if it is no Base64. */
    static Optional<byte[]> fromBase64(String raw) {
        String text = raw.replaceAll("[ \\t\\r\\n]", "");
        if (text.length() % 4 != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @throws CharacterCodingException if it is no UTF-8: then the call fails, as its parameter cannot be bound */
    static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
