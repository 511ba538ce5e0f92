package dev.alertuser.payload;

import dev.alertuser.payload.json.Located;
import dev.alertuser.payload.json.MemberPath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place of an alert id within an alert: a {@link MemberPath} and the kind of value found there, written as a suffix. */
record IdPath(MemberPath path, Kind kind) {
    /** {@code https://host/alerts/ID?tid=…}, {@code https://host/alert/ID}, {@code security/alerts_v2/ID}, {@code alerts('ID')}. */
    private static final Pattern SEGMENT_AFTER_ALERTS = Pattern.compile("(?i)(?:^|/)alerts?(?:_v2)?(?:/|\\(')([^/']+)");

    enum Kind {
        /** The id itself; no suffix. */
        ID(""),
        /** A link; the id is the segment after {@code alerts}. */
        LINK("/"),
        /** An id that the author of an analytics rule put into the alert: it counts for alerts of any product. */
        AUTHORS("!"),
        /** An id made by Sentinel, unknown to Defender: it is reported as skipped and never looked up. */
        SENTINELS("~");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }
    }

    /** A text that should be an id, and its path. */
    record Candidate(String text, String path) {}

    static IdPath of(String text) {
        for (Kind kind : List.of(Kind.LINK, Kind.AUTHORS, Kind.SENTINELS)) {
            if (text.endsWith(kind.suffix)) {
                return new IdPath(MemberPath.of(text.substring(0, text.length() - kind.suffix.length())), kind);
            }
        }
        return new IdPath(MemberPath.of(text), Kind.ID);
    }

    /** The texts at this path, without blank texts and links to other things; more than one only if the path goes through an array. */
    List<Candidate> candidates(Located alert) {
        return path.from(alert).stream()
                .flatMap(place -> place
                        .text()
                        .flatMap(text -> kind == Kind.LINK ? segmentAfterAlerts(text) : Optional.of(text))
                        .filter(text -> !text.isBlank())
                        .map(text -> new Candidate(text, place.path()))
                        .stream())
                .toList();
    }

    private static Optional<String> segmentAfterAlerts(String link) {
        Matcher matcher = SEGMENT_AFTER_ALERTS.matcher(link.split("[?#]", 2)[0]);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
