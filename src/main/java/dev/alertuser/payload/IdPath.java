package dev.alertuser.payload;

import dev.alertuser.service.AlertId;
import dev.alertuser.service.InvalidAlertIdException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where an alert id may sit within an alert: a {@link MemberPath}, followed by {@code /} when the value is a link of which the
 * id is the segment behind {@code alerts}, or by {@code !} when the id counts whatever the product of the alert.
 */
record IdPath(MemberPath path, boolean isLink, boolean ofAnyProduct) {
    /** {@code https://host/alerts/ID?tid=…}, {@code https://host/alert/ID}, {@code security/alerts_v2/ID}, {@code alerts('ID')}. */
    private static final Pattern BEHIND_ALERTS = Pattern.compile("(?i)(?:^|/)alerts?(?:_v2)?(?:/|\\(')([^/']+)");

    static IdPath of(String text) {
        boolean isLink = text.endsWith("/");
        boolean ofAnyProduct = text.endsWith("!");
        String path = isLink || ofAnyProduct ? text.substring(0, text.length() - 1) : text;
        return new IdPath(MemberPath.of(path), isLink, ofAnyProduct);
    }

    /** An id and where it was found. */
    record Hit(AlertId alertId, String path) {}

    /** The valid ids at this path; more than one only where it goes through an array. */
    Stream<Hit> find(Place alert) {
        return path.from(alert).stream()
                .flatMap(place -> place
                        .text()
                        .flatMap(text -> isLink ? behindAlerts(text) : Optional.of(text))
                        .flatMap(IdPath::valid)
                        .map(alertId -> new Hit(alertId, place.path()))
                        .stream());
    }

    private static Optional<String> behindAlerts(String link) {
        Matcher matcher = BEHIND_ALERTS.matcher(link.split("[?#]", 2)[0]);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<AlertId> valid(String text) {
        try {
            return Optional.of(AlertId.parse(text));
        } catch (InvalidAlertIdException e) {
            return Optional.empty();
        }
    }
}
