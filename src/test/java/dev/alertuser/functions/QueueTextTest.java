package dev.alertuser.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueTextTest {

    @Property
    void decodesWhatWasSentInBase64(@ForAll("texts") @NotBlank String text) {
        assertThat(QueueText.decode(base64(text.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(text);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars("äß€\n\t")
                .ofMaxLength(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alertId\": \"da637472900382838869_1364969609\"}",
                "636688558380765161_2136280442",
                "da637472900382838869",
                "0f8fad5bd9cb469fa16570867728950e",
                "abcd",
                ""
            })
    void takesAnythingElseAsItIs(String message) {
        assertThat(QueueText.decode(message)).isEqualTo(message);
    }

    @Test
    void takesBytesThatAreNoTextAsTheyWereSent() {
        String message = base64(new byte[] {(byte) 0xFF, 0, 1});

        assertThat(QueueText.decode(message)).isEqualTo(message);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
