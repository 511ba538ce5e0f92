package dev.alertuser.payload.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyMembersTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"alertId":"a"}            | true
            {"x":1,"ALERTID":null}     | true
            {}                         | false
            {"x":1,"alertIds":["a"]}   | false
            {"x":{"alertId":"a"}}      | false
            [{"alertId":"a"}]          | false
            "alertId"                  | false
            {"alertId":                | false
            ``                         | false
            """)
    void areThoseOfTheOuterObjectInAnyLetterCase(String body, boolean has) {
        assertThat(BodyMembers.has(body, "alertId")).isEqualTo(has);
    }
}
