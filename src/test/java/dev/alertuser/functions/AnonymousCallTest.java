package dev.alertuser.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What anybody may ask, whatever the request looks like. */
class AnonymousCallTest {
    private final List<String> lines = new ArrayList<>();
    private final Lazy<Application> notBuilt = new Lazy<>(() -> {
        throw new IllegalStateException("the app is not built for this");
    });

    @ParameterizedTest
    @ValueSource(strings = {"|", "%", "\"", "{", "^", "%zz"})
    void queryThatNoUriCanHoldIsNoFault(String query) {
        String url = "https://app.example.com/api/openapi.json?code=KEY&x=" + query;

        HttpResponseMessage response = new OpenApiFunction(notBuilt).run(GivenRequest.get(url), context());

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(lines).isEmpty();
    }

    @Test
    void documentsNameNoHostThatARequestNames() {
        GivenRequest evil = new GivenRequest(
                HttpMethod.GET,
                "https://evil.example/api/swagger.json",
                Map.of("host", "evil.example", "x-forwarded-host", "evil.example"),
                Map.of(),
                null);

        assertThat((String) new OpenApiFunction(notBuilt).run(evil, context()).getBody())
                .doesNotContain("evil.example");
        assertThat((String) new SwaggerFunction(notBuilt).run(evil, context()).getBody())
                .doesNotContain("evil.example");
    }

    @Test
    void documentsAreMadeOnce() {
        OpenApiFunction openApi = new OpenApiFunction(notBuilt);
        GivenRequest request = GivenRequest.get("https://app.example.com/api/openapi.json");

        assertThat(openApi.run(request, context()).getBody())
                .isSameAs(openApi.run(request, context()).getBody());
    }

    @Test
    void healthLeavesNoLine() {
        HttpResponseMessage live = new HealthLiveFunction(notBuilt)
                .run(GivenRequest.get("https://app.example.com/api/health/live"), context());

        assertThat(live.getStatusCode()).isEqualTo(200);
        assertThat(lines).isEmpty();
    }

    private ExecutionContext context() {
        Logger logger = Logger.getAnonymousLogger();
        logger.setFilter(line -> !lines.add(line.getMessage()));
        ExecutionContext context = mock(ExecutionContext.class);
        when(context.getLogger()).thenReturn(logger);
        when(context.getFunctionName()).thenReturn("OpenApi");
        when(context.getInvocationId()).thenReturn("11111111-2222-3333-4444-555555555555");
        return context;
    }
}
