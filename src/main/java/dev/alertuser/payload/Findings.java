package dev.alertuser.payload;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.InvalidBodyException.Reason;
import dev.alertuser.payload.json.Json;
import dev.alertuser.payload.json.Located;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.InvalidAlertIdException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the ids of one body, and the parts that are not looked up. */
final class Findings {
    private final int limit;
    private final Map<AlertId, FoundId> found = new LinkedHashMap<>();
    private final List<FoundId> duplicates = new ArrayList<>();
    private final List<SkippedAlert> skipped = new ArrayList<>();
    private final List<InvalidEntry> invalid = new ArrayList<>();
    private boolean known;

    /** @param limit how many distinct ids are taken at most */
    Findings(int limit) {
        this.limit = limit;
    }

    /** Records that the body has a known form, even if it is only an incident without alerts. */
    void markKnown() {
        known = true;
    }

    /** Whether the body has a known form; a malformed entry counts as a sign of one. */
    boolean areOfKnownKind() {
        return known || !invalid.isEmpty();
    }

    /** The number of entries of any kind; unchanged by a part in which nothing was found. */
    int size() {
        return found.size() + duplicates.size() + skipped.size() + invalid.size();
    }

    /** @throws InvalidBodyException if the id exceeds the limit */
    void add(AlertId alertId, String path, ReadingContext context) {
        FoundId id = new FoundId(alertId, path, context.correlationId(), context.traceparent());
        if (found.containsKey(alertId)) {
            duplicates.add(id);
        } else if (found.size() == limit) {
            throw new InvalidBodyException(
                    Reason.TOO_MANY_ALERTS,
                    "the body must hold at most " + limit + (limit == 1 ? " alert id" : " different alert ids")
                            + " but holds more",
                    context.correlationId());
        } else {
            found.put(alertId, id);
        }
    }

    /** Adds an id that a caller gives without the alert; only the form of the id can show that it is another product's. */
    void addGiven(String text, String path, ReadingContext context) {
        markKnown();
        try {
            AlertId alertId = AlertId.parse(text);
            Optional<String> otherProduct = IdOrigin.otherProduct(alertId);
            if (otherProduct.isPresent()) {
                skip(new SkippedAlert(path, alertId, SkippedAlert.Reason.OTHER_PRODUCT, otherProduct.get()));
            } else {
                add(alertId, path, context);
            }
        } catch (InvalidAlertIdException e) {
            add(malformed(path, e, context));
        }
    }

    void skip(SkippedAlert alert) {
        skipped.add(alert);
    }

    void skipNoAlert(String path, String message) {
        skip(new SkippedAlert(path, null, SkippedAlert.Reason.NO_ALERT, message));
    }

    void add(InvalidEntry entry) {
        invalid.add(entry);
    }

    void addInvalid(String path, String message, ReadingContext context) {
        add(new InvalidEntry(path, Reason.INVALID_BODY, message, context.correlationId()));
    }

    void addWrongKind(Located place, String expected, ReadingContext context) {
        addInvalid(
                place.path(), place.path() + " must be " + expected + " but is " + Json.kind(place.value()), context);
    }

    static InvalidEntry malformed(String path, InvalidAlertIdException e, ReadingContext context) {
        String message = (path.isEmpty() ? "" : path + ": ") + e.getMessage();
        return new InvalidEntry(path, Reason.INVALID_ALERT_ID, message, context.correlationId());
    }

    /** The message for text that is meant as JSON and is not valid. */
    static String notJson(String subject, JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return subject + " must be JSON of at most " + Json.MAX_NESTING
                    + " levels, with names and numbers of a usual length";
        }
        @Nullable JsonLocation at = e.getLocation();
        return subject + " must be JSON but is not valid"
                + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
    }

    AlertIds toAlertIds(Set<String> clientStates) {
        return new AlertIds(List.copyOf(found.values()), duplicates, skipped, invalid, clientStates);
    }
}
