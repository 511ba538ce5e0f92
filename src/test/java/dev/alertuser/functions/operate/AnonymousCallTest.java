package dev.alertuser.functions.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.functions.http.HttpEdge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls without a key, whatever the request looks like. */
class AnonymousCallTest {
    private final List<String> lines = new ArrayList<>();
    private final HttpEdge edge = HttpEdge.withoutApp();

    @ParameterizedTest
    @ValueSource(strings = {"|", "%", "\"", "{", "^", "%zz"})
    void aQueryThatIsNotAValidUriIsAnswered(String query) {
        String url = "https://app.example.com/api/openapi.json?code=KEY&x=" + query;

        HttpResponseMessage response = new OpenApiFunction(edge).run(GivenRequest.get(url), context());

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(lines).isEmpty();
    }

    @Test
    void documentsIgnoreTheHostOfTheRequest() {
        GivenRequest evil = new GivenRequest(
                HttpMethod.GET,
                "https://evil.example/api/swagger.json",
                Map.of("host", "evil.example", "x-forwarded-host", "evil.example"),
                Map.of(),
                null);

        assertThat((String) new OpenApiFunction(edge).run(evil, context()).getBody())
                .doesNotContain("evil.example");
        assertThat((String) new SwaggerFunction(edge).run(evil, context()).getBody())
                .doesNotContain("evil.example");
        assertThat(lines).isEmpty();
    }

    @Test
    void documentsAreMadeOncePerProcess() {
        OpenApiFunction openApi = new OpenApiFunction(edge);
        GivenRequest request = GivenRequest.get("https://app.example.com/api/openapi.json");

        assertThat(openApi.run(request, context()).getBody())
                .isSameAs(openApi.run(request, context()).getBody());
    }

    @Test
    void healthWritesNoLine() {
        HttpResponseMessage live = new HealthLiveFunction(edge)
                .run(GivenRequest.get("https://app.example.com/api/health/live"), context());

        assertThat(live.getStatusCode()).isEqualTo(200);
        assertThat(lines).isEmpty();
    }

    private ExecutionContext context() {
        return GivenContext.of("OpenApi", lines);
    }
}
