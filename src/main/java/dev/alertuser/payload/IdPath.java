package dev.alertuser.payload;

import dev.alertuser.payload.json.Located;
import dev.alertuser.payload.json.MemberPath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an alert id may sit within an alert: a {@link MemberPath} with a sign behind it that says what the value is. */
record IdPath(MemberPath path, Kind kind) {
    /** {@code https://host/alerts/ID?tid=…}, {@code https://host/alert/ID}, {@code security/alerts_v2/ID}, {@code alerts('ID')}. */
    private static final Pattern BEHIND_ALERTS = Pattern.compile("(?i)(?:^|/)alerts?(?:_v2)?(?:/|\\(')([^/']+)");

    enum Kind {
        /** The id itself; no sign. */
        ID(""),
        /** A link of which the id is the segment behind {@code alerts}. */
        LINK("/"),
        /** An id that the author of an analytics rule put there on purpose: it counts whatever the product of the alert. */
        AUTHORS("!"),
        /** An id of Sentinel's own, which Defender does not know: it is named and never asked for. */
        SENTINELS("~");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }
    }

    /** A text that should be an id, and where it stands. */
    record Candidate(String text, String path) {}

    static IdPath of(String text) {
        for (Kind kind : List.of(Kind.LINK, Kind.AUTHORS, Kind.SENTINELS)) {
            if (text.endsWith(kind.sign)) {
                return new IdPath(MemberPath.of(text.substring(0, text.length() - kind.sign.length())), kind);
            }
        }
        return new IdPath(MemberPath.of(text), Kind.ID);
    }

    /** What stands at this path, blank texts and links of something else left out; more than one only where it goes through an array. */
    List<Candidate> candidates(Located alert) {
        return path.from(alert).stream()
                .flatMap(place -> place
                        .text()
                        .flatMap(text -> kind == Kind.LINK ? behindAlerts(text) : Optional.of(text))
                        .filter(text -> !text.isBlank())
                        .map(text -> new Candidate(text, place.path()))
                        .stream())
                .toList();
    }

    private static Optional<String> behindAlerts(String link) {
        Matcher matcher = BEHIND_ALERTS.matcher(link.split("[?#]", 2)[0]);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
