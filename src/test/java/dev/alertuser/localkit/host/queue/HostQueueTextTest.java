package dev.alertuser.localkit.host.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostQueueTextTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"aGVsbG8=, hello", "' aGVs bG8= ', hello", "'', ''"})
    void readsBase64AsDotNetDoes(String raw, String text) {
        assertThat(HostQueueText.fromBase64(raw)).hasValue(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aGVsbG8", "636688558380765161_2136280442", "{\"alertId\":\"x\"}", "aGVs-G8="})
    void knowsWhatIsNoBase64(String raw) {
        assertThat(HostQueueText.fromBase64(raw)).isEmpty();
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        assertThatThrownBy(() -> HostQueueText.utf8(new byte[] {(byte) 0xFF}))
                .isInstanceOf(CharacterCodingException.class);
    }
}
