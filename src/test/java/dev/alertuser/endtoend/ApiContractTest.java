package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check of every answer is not to be had by an answer that lacks something. */
class ApiContractTest {
    private static final String PATH = "/api/health/live";
    private static final String BODY = "{\"status\":\"pass\"}";
    private static final Map<String, String> HEADERS = Map.of(
            "content-type", "application/health+json",
            "x-ms-request-id", "4f0c2a6e-0d3b-4f3e-9a51-1c2d3e4f5a6b",
            "cache-control", "no-store",
            "x-content-type-options", "nosniff");

    private final ApiContract contract = new ApiContract();

    @Test
    void takesADocumentedAnswer() {
        assertThatCode(() -> check(PATH, 200, HEADERS, BODY)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-ms-request-id", "cache-control"})
    void refusesAnAnswerWithoutARequiredHeader(String header) {
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.remove(header);

        assertThatThrownBy(() -> check(PATH, 200, headers, BODY)).isInstanceOf(AssertionError.class);
    }

    @Test
    void refusesAnAnswerWithoutItsBody() {
        assertThatThrownBy(() -> check(PATH, 200, HEADERS, ""))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("without the body that is documented");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"status\":1}"})
    void refusesABodyThatBreaksTheSchema(String body) {
        assertThatThrownBy(() -> check(PATH, 200, HEADERS, body)).isInstanceOf(AssertionError.class);
    }

    @Test
    void refusesAStatusThatIsNotDocumented() {
        assertThatThrownBy(() -> check(PATH, 418, HEADERS, BODY)).isInstanceOf(AssertionError.class);
    }

    @Test
    void leavesOnlyNotFoundToThePlatform() {
        assertThatCode(() -> check("/api/other", 404, Map.of(), "")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("/api/other", 200, Map.of(), "")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check("/api/other", 404, HEADERS, "")).isInstanceOf(AssertionError.class);
    }

    @SuppressWarnings("unchecked")
    private void check(String path, int status, Map<String, String> headers, String body) throws Exception {
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        HttpResponse<String> response = mock(HttpResponse.class);
        when(response.statusCode()).thenReturn(status);
        when(response.headers()).thenReturn(HttpHeaders.of(lists, (name, value) -> true));
        when(response.body()).thenReturn(body);
        contract.check("GET", path, response);
    }
}
