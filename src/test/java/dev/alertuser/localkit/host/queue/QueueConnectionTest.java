package dev.alertuser.localkit.host.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.localkit.host.settings.HostSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueConnectionTest {
    @Test
    void isByConnectionStringOrElseByIdentity() {
        String byKey = "DefaultEndpointsProtocol=https;AccountName=one;AccountKey=a2V5;EndpointSuffix=core.windows.net";
        String byIdentity = "https://two.queue.core.windows.net";

        assertThat(url(Map.of("Alerts", byKey, "Alerts__queueServiceUri", byIdentity)))
                .isEqualTo("https://one.queue.core.windows.net");
        assertThat(url(Map.of("Alerts", "", "Alerts__queueServiceUri", byIdentity)))
                .isEqualTo(byIdentity);
    }

    @Test
    void namesTheSettingsOfWhichOneMustBeThere() {
        assertThatThrownBy(() -> url(Map.of()))
                .hasMessage("setting Alerts is missing, and Alerts__queueServiceUri, too");
    }

    private static String url(Map<String, String> environment) {
        return QueueConnection.of("Alerts", HostSettings.read(Path.of(""), environment))
                .buildClient()
                .getQueueServiceUrl();
    }
}
