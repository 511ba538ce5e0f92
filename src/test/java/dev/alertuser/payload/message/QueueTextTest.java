package dev.alertuser.payload.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
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

    /** Line lengths of Ruby, OpenSSL and MIME. */
    @Property
    void decodesBase64WithLineBreaks(@ForAll("texts") @NotBlank String text, @ForAll("lineLengths") int length) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (String lineBreak : List.of("\n", "\r\n")) {
            Base64.Encoder encoder = Base64.getMimeEncoder(length, lineBreak.getBytes(StandardCharsets.US_ASCII));

            assertThat(QueueText.decode(encoder.encodeToString(bytes) + lineBreak))
                    .isEqualTo(text);
        }
    }

    @Property
    void decodesBase64WithoutPaddingAndInTheAlphabetOfUrls(@ForAll("texts") @NotBlank String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (Base64.Encoder encoder : List.of(
                Base64.getEncoder().withoutPadding(),
                Base64.getUrlEncoder(),
                Base64.getUrlEncoder().withoutPadding())) {
            assertThat(QueueText.decode(encoder.encodeToString(bytes))).isEqualTo(text);
        }
    }

    @Property
    void decodesUtf16InsideWithAndWithoutAByteOrderMark(@ForAll("texts") @NotBlank String text) {
        String json = "{\"alertId\":\"da637472900382838869_1364969609\",\"note\":\"" + text + "\"}";
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(QueueText.decode(base64(json.getBytes(charset)))).isEqualTo(json);
            assertThat(QueueText.decode(base64(("\uFEFF" + json).getBytes(charset))))
                    .isEqualTo(json);
        }
        assertThat(QueueText.decode(base64(("\uFEFF" + json).getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(json);
    }

    @Property
    void takesNoAlertIdForBase64(@ForAll("alertIds") String alertId) {
        assertThat(QueueText.decode(alertId)).isEqualTo(alertId);
    }

    @Provide
    Arbitrary<Integer> lineLengths() {
        return Arbitraries.of(60, 64, 76);
    }

    @Provide
    Arbitrary<String> alertIds() {
        Arbitrary<String> ticks = Arbitraries.longs()
                .between(600_000_000_000_000_000L, 699_999_999_999_999_999L)
                .flatMap(first -> Arbitraries.longs()
                        .between(-99_999_999_999L, 99_999_999_999L)
                        .map(second -> first + "_" + second));
        Arbitrary<String> guids = Arbitraries.create(() -> UUID.randomUUID().toString());
        return Arbitraries.oneOf(ticks, guids, guids.map(guid -> guid.toUpperCase(Locale.ROOT)))
                .flatMap(id -> Arbitraries.of("", "da", "ed", "fa", "sn").map(prefix -> prefix + id));
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
                "a1",
                "====",
                "=",
                ""
            })
    void takesAnythingElseAsItIs(String message) {
        assertThat(QueueText.decode(message)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF0001", "610062", "616263007F", "0102"})
    void takesBytesThatAreNoTextAsTheyWereSent(String bytes) {
        String message = base64(HexFormat.of().parseHex(bytes));

        assertThat(QueueText.decode(message)).isEqualTo(message);
    }

    /** Fewer letters of ASCII, and the zeros may be chance. */
    @Test
    void takesBytesForUtf16WithoutAMarkIfHalfOfTheLettersAreOfAscii() {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(QueueText.decode(base64("[\"ж€".getBytes(charset)))).isEqualTo("[\"ж€");

            String unclear = base64("[\"ж€ж".getBytes(charset));
            assertThat(QueueText.decode(unclear)).isEqualTo(unclear);
        }
    }

    @Test
    void decodesAByteOrderMarkAloneToAnEmptyText() {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_8)) {
            assertThat(QueueText.decode(base64("\uFEFF".getBytes(charset)))).isEmpty();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
