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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            as=me                    | true
            respond-async, As = "me" | true
            wait=5; as=me            | true
            bias=me                  | false
            respond-async            | false
            """)
    void readInWhoseNameFromThePreferHeader(String prefer, boolean asMe) {
        assertThat(Preferences.of(Map.of("prefer", prefer), Map.of()).asMe()).isEqualTo(asMe);
    }

    @Test
    void readInWhoseNameFromTheQuery() {
        assertThat(Preferences.of(Map.of(), Map.of("as", "me")).asMe()).isTrue();
        assertThat(Preferences.of(Map.of(), Map.of()).asMe()).isFalse();
        assertThat(Preferences.of(Map.of(), Map.of()).asCaller().asMe()).isTrue();
    }

    /** Whoever asks in another's name must not be answered in the app's. */
    @Test
    void rejectAnyOtherName() {
        assertThatThrownBy(() -> Preferences.of(Map.of(), Map.of("as", "ada")))
                .isInstanceOf(RequestException.class)
                .hasMessage("the query parameter as must be me but was 'ada'");
        assertThatThrownBy(() -> Preferences.of(Map.of("prefer", "as=ada"), Map.of()))
                .isInstanceOf(RequestException.class)
                .hasMessage("the preference as must be me but was 'ada'");
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
