package dev.alertuser.localkit.host.function;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A route template such as {@code api/alerts/{id}/user}. Constraints, defaults and catch-all parameters are not known here.
 *
 * @param segments each a literal or a name in braces
 */
public record Route(List<String> segments) {
    private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern PARAMETER = Pattern.compile("\\{[A-Za-z_][A-Za-z0-9_]*}");

    public Route {
        segments = List.copyOf(segments);
    }

    public static Route parse(String template) {
        List<String> segments = split(template.replaceFirst("^/", ""));
        for (String segment : segments) {
            if (!LITERAL.matcher(segment).matches()
                    && !PARAMETER.matcher(segment).matches()) {
                throw new IllegalArgumentException("route " + template + " has a segment that is neither a literal nor"
                        + " a {name}: '" + segment + "'");
            }
        }
        return new Route(segments);
    }

    /**
     * Matches a path, still percent-encoded. Literals match whatever their case, and a slash at the end makes no difference.
     *
     * @return the parameters, decoded once; an encoded slash stays encoded, as Kestrel leaves it
     */
    public Optional<Map<String, String>> match(String rawPath) {
        List<String> path = split(rawPath.replaceFirst("^/", "").replaceFirst("/$", ""));
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = segments.get(i);
            String found = decode(path.get(i));
            if (isParameter(segment) && !found.isEmpty()) {
                parameters.put(segment.substring(1, segment.length() - 1), found);
            } else if (!segment.equalsIgnoreCase(found)) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    /** The more of them, the sooner a route is tried. */
    public long literals() {
        return segments.stream().filter(segment -> !isParameter(segment)).count();
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    private static List<String> split(String path) {
        return List.of(path.split("/", -1));
    }

    private static String decode(String segment) {
        String slashes = segment.replace("%2f", "%2F").replace("%2F", "%252F");
        return URLDecoder.decode(slashes.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
