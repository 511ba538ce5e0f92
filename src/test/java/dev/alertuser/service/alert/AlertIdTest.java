package dev.alertuser.service.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "636688558380765161_2136280442",
                "da637472900382838869_1364969609",
                "da637308392288907382_-880718168",
                "da637399989469816469_51697947354",
                "fa123a456b-c789-1d2e-12f1g33h445h6i",
                "da0f8fad5b-d9cb-469f-a165-70867728950e",
                "ri001122334455667788_-0123456789",
                "a"
            })
    void acceptsEveryFormThatDefenderUses(String id) {
        assertThat(AlertId.parse(id).value()).isEqualTo(id);
    }

    @Test
    void dropsWhiteSpaceAroundTheId() {
        assertThat(AlertId.parse(" da637472900382838869_1364969609\r\n").value())
                .isEqualTo("da637472900382838869_1364969609");
    }

    @Test
    void keepsTheCase() {
        assertThat(AlertId.parse("DaX").value()).isEqualTo("DaX");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a/b  | alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'
            a b  | alert id may hold only A-Z a-z 0-9 _ - but character 2 is U+0020
            a%2F | alert id may hold only A-Z a-z 0-9 _ - but character 2 is '%'
            é    | alert id may hold only A-Z a-z 0-9 _ - but character 1 is U+00E9
            ..   | alert id may hold only A-Z a-z 0-9 _ - but character 1 is '.'
            ''   | alert id must have 1 to 128 characters but has 0
            """)
    void namesTheFaultAndItsPlace(String id, String message) {
        assertThatThrownBy(() -> AlertId.parse(id))
                .isInstanceOf(InvalidAlertIdException.class)
                .hasMessage(message);
    }

    @Test
    void hasAtMost128Characters() {
        assertThat(AlertId.parse("a".repeat(128)).value()).hasSize(128);
        assertThatThrownBy(() -> AlertId.parse("a".repeat(129)))
                .hasMessage("alert id must have 1 to 128 characters but has 129");
    }
}
