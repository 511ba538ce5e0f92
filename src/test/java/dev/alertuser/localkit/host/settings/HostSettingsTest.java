package dev.alertuser.localkit.host.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostSettingsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(directory.resolve("host.json"), """
                {"version": "2.0", "extensions": {"http": {"routePrefix": ""},
                 "queues": {"batchSize": 8, "maxDequeueCount": 3, "visibilityTimeout": "00:00:30"}}}
                """);
        Files.writeString(directory.resolve("local.settings.json"), """
                {"IsEncrypted": false, "Values": {"ONE": "file", "TWO": "file"}, "Host": {"LocalHttpPort": 7171}}
                """);
    }

    @Test
    void theEnvironmentWinsOverTheFile() {
        HostSettings settings = HostSettings.read(directory, Map.of("TWO", "environment", "THREE", "environment"));

        assertThat(settings.values())
                .containsOnly(
                        Map.entry("ONE", "file"), Map.entry("TWO", "environment"), Map.entry("THREE", "environment"));
        assertThat(settings.port()).isEqualTo(7171);
        assertThat(settings.resolve("%ONE%-%TWO%")).isEqualTo("file-environment");
        assertThatThrownBy(() -> settings.resolve("%FOUR%")).hasMessage("setting FOUR is missing");
    }

    @Test
    void readsTheQueueSettingsWithThePlatformsDefaults() {
        assertThat(HostSettings.read(directory, Map.of()).queues())
                .isEqualTo(new QueueSettings(
                        8, 4, 3, Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofMinutes(10), true));
    }

    @Test
    void settingsOverrideHostJsonWhateverTheirCase() {
        QueueSettings queues = HostSettings.read(
                        directory,
                        Map.of(
                                "AzureFunctionsJobHost__extensions__queues__batchSize", "32",
                                "azurefunctionsjobhost__Extensions__Queues__VisibilityTimeout", "1.02:03:04.5",
                                "AzureFunctionsJobHost__extensions__queues__messageEncoding", "none"))
                .queues();

        assertThat(queues.batchSize()).isEqualTo(32);
        assertThat(queues.newBatchThreshold()).isEqualTo(16);
        assertThat(queues.visibilityTimeout()).isEqualTo(Duration.parse("P1DT2H3M4.5S"));
        assertThat(queues.base64()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"30", "PT30S", "1:2", "00:30"})
    void refusesATimeThatIsNoTimeSpan(String timeout) {
        HostSettings settings = HostSettings.read(directory, Map.of("AzureFunctionsJobHost__functionTimeout", timeout));

        assertThatThrownBy(settings::functionTimeout)
                .hasMessage("functionTimeout must be like 00:00:30 but was " + timeout);
    }

    @Test
    void doesWithoutLocalSettings() throws IOException {
        Files.delete(directory.resolve("local.settings.json"));

        assertThat(HostSettings.read(directory, Map.of()).port()).isEqualTo(7071);
    }

    @Test
    void takesABodyOfAHundredMiBUnlessASettingSaysLess() {
        assertThat(HostSettings.read(directory, Map.of()).requestBodySizeLimit())
                .isEqualTo(100 << 20);
        assertThat(HostSettings.read(directory, Map.of("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "2097152"))
                        .requestBodySizeLimit())
                .isEqualTo(2 << 20);
    }

    @Test
    void anEmptyRoutePrefixIsAPrefix() {
        assertThat(HostSettings.read(directory, Map.of()).routePrefix()).isEmpty();
    }
}
