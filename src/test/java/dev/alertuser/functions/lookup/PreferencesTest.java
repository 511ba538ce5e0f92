package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.config.Waits;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.RequestException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {
    private static final Waits WAITS = new Waits(Duration.ofSeconds(90), Duration.ofSeconds(20));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wait=5                          | 5
            respond-async, wait=5           | 5
            Wait = "7"                      | 7
            handling=lenient; x=1, wait=0   | 0
            wait=100000                     | 90
            wait=2147483647                 | 90
            respond-async                   | 5
            wait-a-little=3                 | 20
            """)
    void readTheWaitFromThePreferHeader(String prefer, long seconds) {
        assertThat(honoured(Preferences.of(Map.of("prefer", prefer), Map.of()))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            respond-async              | true
            wait=5, Respond-Async      | true
            respond-async; x=1, wait=5 | true
            respond-asynchronously     | false
            wait=5                     | false
            """)
    void readAsyncFromThePreferHeader(String prefer, boolean async) {
        assertThat(Preferences.of(Map.of("prefer", prefer), Map.of()).async()).isEqualTo(async);
    }

    @Test
    void readAsyncFromTheQuery() {
        assertThat(Preferences.of(Map.of(), Map.of("mode", "async")).async()).isTrue();
        assertThatThrownBy(() -> Preferences.of(Map.of(), Map.of("mode", "sync")))
                .isInstanceOf(RequestException.class)
                .hasMessage("the query parameter mode must be async but was 'sync'");
    }

    @Test
    void preferTheQueryToTheHeader() {
        assertThat(honoured(Preferences.of(Map.of("prefer", "wait=5"), Map.of("wait", "6"))))
                .isEqualTo(Duration.ofSeconds(6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "soon", "12345678901"})
    void rejectAMalformedWaitWithAReason(String text) {
        assertThatThrownBy(() -> Preferences.of(Map.of(), Map.of("wait", text)))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PREFERENCE))
                .hasMessage("the query parameter wait must be whole seconds, as in wait=20, but was '" + text + "'");
    }

    @Test
    void quoteOnlyASafePartOfAMalformedWait() {
        assertThatThrownBy(() -> Preferences.of(Map.of("prefer", "wait=\u001b[31m" + "x".repeat(100)), Map.of()))
                .hasMessage(
                        "the preference wait must be whole seconds, as in wait=20, but was '?[31mxxxxxxxxxxxxxxx…'");
    }

    @ParameterizedTest
    @CsvSource({
        "no-cache, true",
        "'max-age=0, No-Cache', true",
        "no-cache-please, false",
        "no-store, false",
        "'', false"
    })
    void readFreshFromNoCache(String cacheControl, boolean fresh) {
        assertThat(Preferences.of(Map.of("cache-control", cacheControl), Map.of())
                        .fresh())
                .isEqualTo(fresh);
    }

    private static Duration honoured(Preferences preferences) {
        return WAITS.honoured(preferences.maxWait(), preferences.async());
    }
}
