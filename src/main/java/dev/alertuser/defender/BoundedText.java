package dev.alertuser.defender;

import com.azure.core.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Reads a response body as text, up to the size that fits into a result message. */
final class BoundedText {
    /** A queue message holds 48 KiB of text; the user is the greater part of a result. */
    static final int MAX_BYTES = 32 * 1024;

    private BoundedText() {}

    /** The body, empty if it is larger or not UTF-8. The connection is closed as soon as the body is known to be larger. */
    static Mono<Optional<String>> of(HttpResponse response) {
        return response.getBody()
                .collect(ByteArrayOutputStream::new, BoundedText::append)
                .map(bytes -> decode(bytes.toByteArray()))
                .onErrorReturn(TooLargeException.class, Optional.empty());
    }

    private static void append(ByteArrayOutputStream bytes, ByteBuffer more) {
        if (bytes.size() + more.remaining() > MAX_BYTES) {
            throw new TooLargeException();
        }
        byte[] chunk = new byte[more.remaining()];
        more.get(chunk);
        bytes.writeBytes(chunk);
    }

    private static Optional<String> decode(byte[] bytes) {
        try {
            // A new decoder reports what String's constructor would replace.
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
