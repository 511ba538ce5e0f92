package dev.alertuser.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.config.Settings;
import dev.alertuser.config.SettingsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of settings tells their defaults. */
class SettingsTableTest {
    private static final Pattern LITERAL = Pattern.compile("`([^`]+)`");
    /** What an app needs of which users ask with their own rights, since some settings are read for them only. */
    private static final Map<String, String> REQUIRED = Map.of(
            "AzureWebJobsStorage", "UseDevelopmentStorage=true",
            "AZURE_CLIENT_ID", "11111111-1111-1111-1111-111111111111",
            "DELEGATED_CLIENT_ID", "22222222-2222-2222-2222-222222222222",
            "DELEGATED_TENANT_ID", "33333333-3333-3333-3333-333333333333");

    /** A setting whose default the table names as a value. */
    private record Setting(String name, String defaultValue) {}

    static List<Setting> settingsWithADefault() {
        List<Setting> settings = new ArrayList<>();
        for (List<String> cells : MarkdownDocument.README.section("Settings").rows()) {
            List<String> names = literals(cells.get(0));
            List<String> values = literals(cells.get(1));
            if (String.join("`, `", values).length() + 2 != cells.get(1).length()) {
                continue; // in words
            }
            assertThat(values).as("defaults of %s", names).hasSameSizeAs(names);
            for (int i = 0; i < names.size(); i++) {
                settings.add(new Setting(names.get(i), values.get(i)));
            }
        }
        return settings;
    }

    private static List<String> literals(String cell) {
        return LITERAL.matcher(cell).results().map(value -> value.group(1)).toList();
    }

    @Test
    void coversThoseThatMatter() {
        assertThat(settingsWithADefault())
                .extracting(Setting::name)
                .contains(
                        "RATE_LIMITS",
                        "RATE_LIMIT_MARGIN",
                        "ANSWER_TTL",
                        "NOT_FOUND_TTL",
                        "MAX_WAIT",
                        "REQUEST_MAX_AGE");
    }

    @ParameterizedTest
    @MethodSource("settingsWithADefault")
    void aSettingThatIsLeftOutHasItsDefault(Setting setting) {
        assertThat(settings(setting.name(), setting.defaultValue())).isEqualTo(Settings.from(REQUIRED));
    }

    @ParameterizedTest
    @MethodSource("settingsWithADefault")
    void aSettingThatIsNamedIsRead(Setting setting) {
        assertThat(read(setting.name(), "PT1M1S")
                        .or(() -> read(setting.name(), "3"))
                        .or(() -> read(setting.name(), "dev")))
                .as("a setting that nobody reads accepts any value and changes nothing")
                .isNotEqualTo(Optional.of(Settings.from(REQUIRED)));
    }

    @Test
    void theReserveOfOtherLimitsIsAShareOfThem() {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.put("RATE_LIMITS", "50/PT1M,2000/PT1H");

        environment.put("RATE_LIMIT_INTERACTIVE_RESERVE", "20,94");
        Settings expected = Settings.from(environment);
        environment.remove("RATE_LIMIT_INTERACTIVE_RESERVE");

        assertThat(MarkdownDocument.README.text())
                .contains("for other limits 40 % of the shortest window and 4.7 % of the others");
        assertThat(Settings.from(environment)).isEqualTo(expected);
    }

    /** Empty if the value is refused. */
    private static Optional<Settings> read(String name, String value) {
        try {
            return Optional.of(settings(name, value));
        } catch (SettingsException e) {
            return Optional.empty();
        }
    }

    private static Settings settings(String name, String value) {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.put(name, value);
        return Settings.from(environment);
    }
}
