package dev.alertuser.localkit.host.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code host.json}, under the settings that override its values: {@code AzureFunctionsJobHost__extensions__queues__batchSize} stands for
 * {@code extensions.queues.batchSize}. Names count without regard to case, as in the platform's own configuration.
 */
final class HostJson {
    private static final String OVERRIDE = "AzureFunctionsJobHost";
    private static final String SEPARATOR = "__";
    /** .NET's form: {@code [d.]hh:mm:ss[.fffffff]}. */
    private static final Pattern TIME_SPAN =
            Pattern.compile("(?:(\\d+)\\.)?(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,7}))?");

    private final JsonNode root;
    private final Map<String, String> settings;

    HostJson(JsonNode root, Map<String, String> settings) {
        this.root = root;
        this.settings = settings;
    }

    static HostJson read(Path file, Map<String, String> settings) throws IOException {
        return new HostJson(JsonMapper.builder().build().readTree(file.toFile()), settings);
    }

    Optional<String> text(String... path) {
        String override = OVERRIDE + SEPARATOR + String.join(SEPARATOR, path);
        Optional<String> overriding = settings.entrySet().stream()
                .filter(setting -> setting.getKey().equalsIgnoreCase(override))
                .map(Map.Entry::getValue)
                .findFirst();
        return overriding.or(() -> inFile(path));
    }

    private Optional<String> inFile(String... path) {
        JsonNode node = root;
        for (String name : path) {
            node = member(node, name);
        }
        return node.isValueNode() && !node.isNull() ? Optional.of(node.asText()) : Optional.empty();
    }

    private static JsonNode member(JsonNode node, String name) {
        return node.propertyStream()
                .filter(member -> member.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    Optional<Integer> number(String... path) {
        return text(path).map(Integer::valueOf);
    }

    Optional<Duration> duration(String... path) {
        return text(path).map(text -> timeSpan(text, String.join(".", path)));
    }

    private static Duration timeSpan(String text, String name) {
        Matcher matcher = TIME_SPAN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(name + " must be like 00:00:30 but was " + text);
        }
        String fraction = matcher.group(5);
        return Duration.ofDays(matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1)))
                .plusHours(Long.parseLong(matcher.group(2)))
                .plusMinutes(Long.parseLong(matcher.group(3)))
                .plusSeconds(Long.parseLong(matcher.group(4)))
                .plusNanos(fraction == null ? 0 : Long.parseLong((fraction + "00000000").substring(0, 9)));
    }
}
