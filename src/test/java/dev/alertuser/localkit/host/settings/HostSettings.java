package dev.alertuser.localkit.host.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings of a host: {@code host.json}, the {@code Values} of {@code local.settings.json}, and over both the environment. */
public final class HostSettings {
    /** Of this host alone: the keys that it asks for; without them it asks for none, as Core Tools do. */
    public static final String FUNCTION_KEY = "LOCAL_HOST_FUNCTION_KEY";

    public static final String MASTER_KEY = "LOCAL_HOST_MASTER_KEY";

    /** Of this host alone: {@code true} runs the warm-up functions first, as the platform does when it scales out and only then. */
    public static final String WARM_UP = "LOCAL_HOST_WARM_UP";

    /** Of this host alone: how long an HTTP call may take before its caller gets 504, as an ISO 8601 duration; the platform's 230 s. */
    public static final String HTTP_TIMEOUT = "LOCAL_HOST_HTTP_TIMEOUT";

    private static final Pattern REFERENCE = Pattern.compile("%([^%]+)%");
    private static final int DEFAULT_PORT = 7071;
    /** What the platform takes when {@code host.json} says nothing, outside the Consumption plan. */
    private static final Duration FUNCTION_TIMEOUT = Duration.ofMinutes(30);

    private final Map<String, String> values;
    private final HostJson hostJson;
    private final int port;

    HostSettings(Map<String, String> values, HostJson hostJson, int port) {
        this.values = Map.copyOf(values);
        this.hostJson = hostJson;
        this.port = port;
    }

    /** Reads the two files of a project's directory; {@code local.settings.json} may be missing, as it is in Azure. */
    public static HostSettings read(Path directory, Map<String, String> environment) {
        try {
            JsonNode local = localSettings(directory.resolve("local.settings.json"));
            Map<String, String> values = new TreeMap<>();
            local.path("Values")
                    .properties()
                    .forEach(
                            value -> values.put(value.getKey(), value.getValue().asText()));
            values.putAll(environment);
            return new HostSettings(
                    values,
                    HostJson.read(directory.resolve("host.json"), values),
                    local.path("Host").path("LocalHttpPort").asInt(DEFAULT_PORT));
        } catch (IOException e) {
            throw new UncheckedIOException("settings of the local host: " + e.getMessage(), e);
        }
    }

    private static JsonNode localSettings(Path file) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        return Files.exists(file) ? json.readTree(file.toFile()) : json.createObjectNode();
    }

    /** All settings: an environment for a program that is to see what the functions would see. */
    public Map<String, String> values() {
        return values;
    }

    /** {@code Host.LocalHttpPort}. */
    public int port() {
        return port;
    }

    /** A setting; empty if it is missing or blank. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    private String value(String name) {
        return Optional.ofNullable(values.get(name))
                .orElseThrow(() -> new IllegalArgumentException("setting " + name + " is missing"));
    }

    /** Replaces each {@code %Name%} by the setting of that name, as bindings have them. */
    public String resolve(String text) {
        return REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(referred(match)));
    }

    private String referred(MatchResult reference) {
        return value(reference.group(1));
    }

    /** {@code AzureWebJobs.<name>.Disabled}. */
    public boolean isDisabled(String function) {
        String disabled = values.getOrDefault("AzureWebJobs." + function + ".Disabled", "false");
        return disabled.equalsIgnoreCase("true") || disabled.equals("1");
    }

    public String routePrefix() {
        return hostJson.text("extensions", "http", "routePrefix").orElse("api");
    }

    public Duration functionTimeout() {
        return hostJson.duration("functionTimeout").orElse(FUNCTION_TIMEOUT);
    }

    /** Bytes of a request's body, beyond which the host answers {@code 413} itself. */
    public int requestBodySizeLimit() {
        return Integer.parseInt(values.getOrDefault("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "104857600"));
    }

    /** {@link #FUNCTION_KEY} and {@link #MASTER_KEY}. */
    public HostKeys keys() {
        return new HostKeys(key(FUNCTION_KEY), key(MASTER_KEY));
    }

    private @Nullable String key(String name) {
        String key = values.getOrDefault(name, "");
        return key.isEmpty() ? null : key;
    }

    /** {@link #WARM_UP}. */
    public boolean warmsUp() {
        return Boolean.parseBoolean(values.get(WARM_UP));
    }

    /** {@link #HTTP_TIMEOUT}. */
    public Duration httpTimeout() {
        return Duration.parse(values.getOrDefault(HTTP_TIMEOUT, "PT230S"));
    }

    public QueueSettings queues() {
        return QueueSettings.of(hostJson, Duration.parse(values.getOrDefault(QueueSettings.LEASE, "PT10M")));
    }
}
