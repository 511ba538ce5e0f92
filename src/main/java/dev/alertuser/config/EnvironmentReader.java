package dev.alertuser.config;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads settings as typed values and says what was expected if one is malformed. */
record EnvironmentReader(Map<String, String> environment) {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern ACCOUNT_PATH = Pattern.compile("/[a-z0-9]{3,24}/?");
    private static final Pattern TRAILING_SLASHES = Pattern.compile("/+$");

    /** Names the setting but never shows its value, since a secret may have been put into the wrong setting. */
    static SettingsException malformed(String name, String expected, String found) {
        return new SettingsException(name + " must be " + expected + " but has " + found.length()
                + (found.length() == 1 ? " character" : " characters") + " of another form");
    }

    /** The value without surrounding white space; empty if it is missing or blank. */
    Optional<String> text(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The value if it is set; it must match {@code pattern}. */
    Optional<String> text(String name, Pattern pattern, String expected) {
        Optional<String> text = text(name);
        if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
            throw malformed(name, expected, text.get());
        }
        return text;
    }

    /** The names of all settings with this prefix and a value, sorted. */
    Stream<String> namesThatBeginWith(String prefix) {
        return environment.keySet().stream()
                .filter(name -> name.startsWith(prefix) && text(name).isPresent())
                .sorted();
    }

    Duration duration(String name, String fallback, Duration least, Duration most) {
        String text = text(name).orElse(fallback);
        String expected = "an ISO-8601 duration from " + least + " to " + most;
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw malformed(name, expected, text);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw malformed(name, expected, text);
        }
    }

    /** URL of a service: https, since a token is sent to it; http only on localhost, where no other host can listen. */
    Optional<URI> url(String name) {
        return url(
                name,
                EnvironmentReader::isRoot,
                "an https URL without path, query and user, or an http one on localhost,");
    }

    /** URL of a storage service. Accounts of Azurite share one host, so on localhost the path names the account. */
    Optional<URI> storageUrl(String name) {
        return url(
                name,
                uri -> isRoot(uri)
                        || (isLoopback(uri)
                                && ACCOUNT_PATH.matcher(uri.getRawPath()).matches()),
                "an https URL without path, query and user, or one on localhost with the account's name as its path,");
    }

    /** A base URL without a trailing slash: https, or http on localhost. */
    Optional<URI> baseUrl(String name) {
        return url(name, uri -> true, "an https URL without query and user, or an http one on localhost,")
                .map(EnvironmentReader::withoutSlash);
    }

    /** The URL without trailing slashes, so that a path can follow. */
    static URI withoutSlash(URI uri) {
        return URI.create(TRAILING_SLASHES.matcher(uri.toString()).replaceFirst(""));
    }

    private Optional<URI> url(String name, Predicate<URI> takesPath, String expected) {
        return text(name).map(text -> {
            try {
                URI uri = URI.create(text);
                boolean secure = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isLoopback(uri));
                boolean bare = uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && uri.getRawUserInfo() == null
                        && uri.getPort() != 0;
                if (secure && bare && uri.getHost() != null && takesPath.test(uri)) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // Reported below, like every other malformed URL.
            }
            throw malformed(name, expected, text);
        });
    }

    private static boolean isRoot(URI uri) {
        return List.of("", "/").contains(uri.getRawPath());
    }

    private static boolean isLoopback(URI uri) {
        return LOOPBACK.contains(String.valueOf(uri.getHost()));
    }
}
