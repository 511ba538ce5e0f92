package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.CODE;
import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.TYPES;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.json;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The settings that infrastructure sets or offers are those that the app reads. */
class AppSettingsTest {
    private static final Path SETTINGS = CODE.resolve("dev/alertuser/config/Settings.java");

    /** Set for the host, which reads it; the app reads {@code AzureWebJobsStorage} only where there is no identity. */
    private static final Set<String> FOR_THE_HOST = Set.of(
            "AzureWebJobsStorage__blobServiceUri",
            "AzureWebJobsStorage__credential",
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
            "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT");

    /** Read where there is no identity of the app: on a developer's machine. */
    private static final Set<String> FOR_DEVELOPERS = Set.of("AzureWebJobsStorage", "AZURE_TOKEN_CREDENTIALS");

    /** Read where somebody else set the app up: portal and CLI write it instead of the URLs, which {@code infra} gives. */
    private static final String BY_PORTAL_AND_CLI = "AzureWebJobsStorage__accountName";

    /** Set by the platform itself. */
    private static final Set<String> BY_THE_PLATFORM = Set.of("WEBSITE_HOSTNAME", "WEBSITE_AUTH_ENABLED");

    /** Settings that a parameter offers. */
    static Set<String> optionalSettings() {
        return find("^ {2}([A-Z_]+): .*\\?$", text(TYPES));
    }

    /** Settings that every deployment has. */
    static Set<String> fixedSettings() {
        return find("^ {8}([A-Za-z_]+_[A-Za-z_]+): ", text(INFRA.resolve("app/function-app.bicep")));
    }

    /** Settings that a deployment has whose analysts ask with their own rights. */
    static Set<String> settingsOfAnalysts() {
        return find("^ {6}(DELEGATED_[A-Z_]+): ", text(INFRA.resolve("app/function-app.bicep")));
    }

    /** Names of settings among the string literals of a Java text. */
    static Set<String> settingsReadBy(String java) {
        return find("\"([A-Z]+(?:_[A-Z]+)+|AzureWebJobsStorage(?:__[A-Za-z]+)?)\"", java);
    }

    @Test
    void findsNamesOfSettingsInJava() {
        assertThat(settingsReadBy("""
                        Settings from(Map<String, String> env) {
                            env.getOrDefault("MAX_WAIT", "PT90S"); env.get("AzureWebJobsStorage__clientId"); get("x");
                        """)).containsExactlyInAnyOrder("MAX_WAIT", "AzureWebJobsStorage__clientId");
    }

    @Test
    void infrastructureSetsWhatTheHostNeeds() {
        assertThat(fixedSettings())
                .containsAll(FOR_THE_HOST)
                .contains("AZURE_CLIENT_ID", "DEFENDER_CLOUD")
                .doesNotContainAnyElementsOf(optionalSettings());
    }

    /** A body of little more than 1 MiB gets the app's own error with a code; the 413 of the host has no text. */
    @Test
    void theHostTakesTwoMiBInAzureAndLocally() {
        assertThat(find("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '(\\d+)'", text(INFRA.resolve("app/function-app.bicep"))))
                .containsExactly("" + (2 << 20));
        assertThat(json(Path.of("local.settings.json"))
                        .at("/Values/FUNCTIONS_REQUEST_BODY_SIZE_LIMIT")
                        .textValue())
                .isEqualTo("" + (2 << 20));
    }

    @Nested
    class AgainstTheCode {
        private final Set<String> read = settingsReadBy(text(SETTINGS));

        @Test
        void everySettingThatTheAppReadsIsSetOrOffered() {
            Set<String> known = new TreeSet<>(fixedSettings());
            known.addAll(optionalSettings());
            known.addAll(FOR_DEVELOPERS);
            known.add(BY_PORTAL_AND_CLI);
            known.addAll(BY_THE_PLATFORM);
            known.addAll(settingsOfAnalysts());

            assertThat(known).containsAll(read);
        }

        @Test
        void nothingIsSetOrOfferedThatNobodyReads() {
            Set<String> unread = new TreeSet<>(fixedSettings());
            unread.addAll(optionalSettings());
            unread.addAll(settingsOfAnalysts());
            unread.removeAll(FOR_THE_HOST);
            unread.removeAll(read);

            assertThat(unread).isEmpty();
        }
    }
}
