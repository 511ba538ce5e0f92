package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.FakeIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The app's own credential against the fake endpoint, in a JVM of its own since it reads the environment. */
class TokenSourceIT {
    private static final String RESOURCE = "https://api.securitycenter.microsoft.com";

    private final FakeIdentity identity = FakeIdentity.start();
    private final FakeIdentity userAssigned = FakeIdentity.startUserAssigned();

    @AfterEach
    void close() {
        identity.close();
        userAssigned.close();
    }

    @Test
    void oneRequestServes32Callers() throws Exception {
        assertThat(probe(identity.environment())).isEqualTo("32 callers, 1 token");
        assertThat(identity.received()).containsExactly(new FakeIdentity.Received(RESOURCE, Optional.empty()));
    }

    @Test
    void namesTheUserAssignedIdentity() throws Exception {
        String clientId = userAssigned.environment().get("AZURE_CLIENT_ID");

        assertThat(probe(userAssigned.environment())).isEqualTo("32 callers, 1 token");
        assertThat(userAssigned.received()).containsExactly(new FakeIdentity.Received(RESOURCE, Optional.of(clientId)));
    }

    @Test
    void asksForTheResourceOfTheCloud() throws Exception {
        Map<String, String> environment = new HashMap<>(identity.environment());
        environment.put("DEFENDER_CLOUD", "gcc-high");

        assertThat(probe(environment)).isEqualTo("32 callers, 1 token");
        assertThat(identity.received())
                .containsExactly(
                        new FakeIdentity.Received("https://api-gov.securitycenter.microsoft.us", Optional.empty()));
    }

    /** The forms that App Service and its kin were seen to give. A third one, with slashes, came from a protocol that is retired. */
    @ParameterizedTest
    @ValueSource(strings = {"\"2030-03-01T10:00:00Z\"", "1900000000", "\"1900000000\""})
    void takesAnExpiryInAnyForm(String expiresOn) throws Exception {
        identity.answerNext(
                200,
                "{\"access_token\":\"eyJ.e30.x\",\"expires_on\":" + expiresOn + ",\"resource\":\"" + RESOURCE
                        + "\",\"token_type\":\"Bearer\"}");

        assertThat(probe(identity.environment())).isEqualTo("32 callers, 1 token");
    }

    /** The credential repeats some of these by itself; whatever it does, nobody is left without a token once there is one. */
    @Test
    void outlastsAnEndpointThatFailsNowAndThen() throws Exception {
        identity.answerNext(500, "");
        identity.answerNext(429, "{\"error\":\"too_many_requests\"}");

        assertThat(probe(identity.environment())).isEqualTo("32 callers, 1 token");
        assertThat(identity.received()).hasSize(3);
    }

    private static String probe(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"), TokenSourceProbe.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // In the environment the class path is not held to the length of a command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("AzureWebJobsStorage", "UseDevelopmentStorage=true");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }
}
