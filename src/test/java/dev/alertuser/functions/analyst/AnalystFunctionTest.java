package dev.alertuser.functions.analyst;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.service.alert.Sha256;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalystFunctionTest {

    @Test
    void answersWithAPageThatNoCacheKeepsAndNoSiteIsToldOf() {
        HttpResponseMessage response = AnalystOutput.page(Map.of());

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(response.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void answersWithAPageThatHoldsNoKey() {
        assertThat(html(Map.of())).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"style", "script"})
    void allowsItsOwnStyleAndScriptByTheirHashesAndNothingElse(String element) {
        HttpResponseMessage response = AnalystOutput.page(AnalystOutput.SIGNED_IN);
        Matcher inline =
                Pattern.compile("(?s)<" + element + ">(.*?)</" + element + ">").matcher((String) response.getBody());

        assertThat(inline.find()).isTrue();
        assertThat(response.getHeader("Content-Security-Policy"))
                .startsWith("default-src 'none'; ")
                .contains(element + "-src 'sha256-" + Base64.getEncoder().encodeToString(Sha256.of(inline.group(1)))
                        + "'; ")
                .endsWith("connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(inline.find()).isFalse();
    }

    @ParameterizedTest(name = "client id {0}, sign-in {1}: {2}")
    @CsvSource(textBlock = """
        ,                                     ,      key
        11111111-2222-3333-4444-555555555555, ,      key
        11111111-2222-3333-4444-555555555555, False, key
        '',                                   True,  key
        ' ',                                  True,  key
        ,                                     True,  key
        11111111-2222-3333-4444-555555555555, True,  me
        11111111-2222-3333-4444-555555555555, true,  me
        """)
    void asksAsTheAnalystOnlyBehindTheSignInOfThePlatform(String clientId, String signIn, String asks) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DELEGATED_CLIENT_ID", clientId);
        environment.put("WEBSITE_AUTH_ENABLED", signIn);
        environment.values().removeIf(value -> value == null);

        assertThat(html(environment)).contains("<html lang=\"en\" data-asks=\"" + asks + "\">");
    }

    @Test
    void isTheSameUnderAnySettingsButForThatOneFact() {
        assertThat(html(AnalystOutput.SIGNED_IN))
                .isEqualTo(html(Map.of()).replace("data-asks=\"key\"", "data-asks=\"me\""))
                .doesNotContain("11111111", "{{");
    }

    /** Anybody could fill the log otherwise. */
    @Test
    void writesNoLine() {
        List<String> lines = new ArrayList<>();
        AnalystOutput.page(Map.of(), lines);

        assertThat(lines).isEmpty();
    }

    private static String html(Map<String, String> environment) {
        return (String) AnalystOutput.page(environment).getBody();
    }
}
