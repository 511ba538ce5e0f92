package dev.alertuser.service.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Sha256Test {

    /** The first is an example of FIPS 180-2. */
    @ParameterizedTest
    @CsvSource({
        "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "ä€, 2fb8a79d88df89f8370b312db3ff68fd6aa857549cc41a685b4022e99e5fc5a2",
    })
    void hashesTheUtf8OfAText(String text, String hash) {
        assertThat(Sha256.hex(text)).isEqualTo(hash);
        assertThat(HexFormat.of().formatHex(Sha256.of(text))).isEqualTo(hash);
    }
}
