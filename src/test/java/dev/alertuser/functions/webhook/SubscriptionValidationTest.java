package dev.alertuser.functions.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionValidationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            [{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"c-1"}}]      | c-1
            [{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":""}}]         | none
            [{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":5}}]          | none
            [{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{}}]                            | none
            [{"eventType":"Contoso.Soc.AlertRaised","data":{"validationCode":"c-1"}}]                              | none
            {"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"c-1"}}        | none
            [{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"c-1"}},{}]   | none
            []                                                                                                     | none
            [{                                                                                                     | none
            ''                                                                                                     | none
            """)
    void readsTheCodeOnlyFromASingleCompleteEvent(String body, String code) {
        assertThat(SubscriptionValidation.code(body).orElse(null)).isEqualTo(code);
    }

    @Property
    void readsAnyTextWithoutAnException(@ForAll String text) {
        assertThat(SubscriptionValidation.code(text)).isEmpty();
    }
}
