package dev.alertuser.payload;

import dev.alertuser.payload.json.Located;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.CorrelationIds;
import dev.alertuser.service.alert.InvalidAlertIdException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one alert: takes the ids of the first path that has a usable one. If no path has one, it leaves the alert out with the first reason
 * found.
 */
final class AlertReader {
    private final Findings findings;
    private final BodyFormat format;
    private final Located alert;
    private final ReadingContext context;
    private final List<SkippedAlert> reasons = new ArrayList<>();
    private final List<InvalidEntry> malformed = new ArrayList<>();
    private boolean isOfOtherProduct;

    private AlertReader(Findings findings, BodyFormat format, Located alert, ReadingContext context) {
        this.findings = findings;
        this.format = format;
        this.alert = alert;
        this.context = context;
        this.isOfOtherProduct = format.isOfOtherProduct(alert);
    }

    static void read(BodyFormat format, Located alert, ReadingContext context, Findings findings) {
        findings.markKnown();
        if (format == BodyFormat.OWN) {
            readOwn(alert, context, findings);
            return;
        }
        AlertReader reader = new AlertReader(findings, format, alert, context);
        if (format.ids().stream().noneMatch(reader::takes)) {
            reader.leaveOut();
        }
    }

    private static void readOwn(Located body, ReadingContext context, Findings findings) {
        Optional<Located> given = body.member("correlationId");
        Optional<String> correlationId = given.flatMap(Located::text).filter(CorrelationIds::isValid);
        if (given.isPresent() && correlationId.isEmpty()) {
            String path = given.get().path();
            findings.addInvalid(path, path + " must be " + CorrelationIds.FORM, context);
            return;
        }
        ReadingContext own = context.correlatedBy(correlationId.orElse(null)).tracedBy(Envelope.traceparent(body));
        body.member("alertId").ifPresent(place -> readOwnId(place, own, findings));
        body.member("alertIds")
                .ifPresent(place -> place.elements().forEach(element -> readOwnId(element, own, findings)));
    }

    private static void readOwnId(Located place, ReadingContext context, Findings findings) {
        if (place.value().isTextual()) {
            findings.addGiven(place.value().textValue(), place.path(), context);
        } else {
            findings.addWrongKind(place, "an alert id as a string", context);
        }
    }

    /** Takes the usable ids at a path, and if there are any, reports the other ids at this path. */
    private boolean takes(IdPath path) {
        int reasonsBefore = reasons.size();
        int malformedBefore = malformed.size();
        boolean isTaken = false;
        for (IdPath.Candidate candidate : path.candidates(alert)) {
            isTaken |= takes(candidate, path.kind());
        }
        if (isTaken) {
            reasons.subList(reasonsBefore, reasons.size()).forEach(findings::skip);
            malformed.subList(malformedBefore, malformed.size()).forEach(findings::add);
        }
        return isTaken;
    }

    private boolean takes(IdPath.Candidate candidate, IdPath.Kind kind) {
        try {
            AlertId alertId = AlertId.parse(candidate.text());
            Optional<SkippedAlert> reason = reasonAgainst(alertId, candidate.path(), kind);
            if (reason.isEmpty()) {
                findings.add(alertId, candidate.path(), context);
            } else {
                reasons.add(reason.get());
            }
            return reason.isEmpty();
        } catch (InvalidAlertIdException e) {
            malformed.add(Findings.malformed(candidate.path(), e, context));
            return false;
        }
    }

    private Optional<SkippedAlert> reasonAgainst(AlertId id, String path, IdPath.Kind kind) {
        if (kind == IdPath.Kind.SENTINELS || isSystemAlertId(id)) {
            return Optional.of(new SkippedAlert(
                    path,
                    id,
                    SkippedAlert.Reason.SENTINEL_ID,
                    "This is Sentinel's own id of an alert, which Defender does not know;"
                            + " the alert's row in SecurityAlert has the link and the id of its product."));
        }
        Optional<String> otherProduct = IdOrigin.otherProduct(id);
        if (otherProduct.isPresent()) {
            // A later path may hold the same product's id without its prefix, which must not count either.
            isOfOtherProduct |= kind != IdPath.Kind.AUTHORS;
            return Optional.of(new SkippedAlert(path, id, SkippedAlert.Reason.OTHER_PRODUCT, otherProduct.get()));
        }
        return isOfOtherProduct && kind != IdPath.Kind.AUTHORS && !IdOrigin.isEndpoints(id)
                ? Optional.of(ofOtherProduct(path, id))
                : Optional.empty();
    }

    /** Some connectors repeat Sentinel's id in the place of the product's id. */
    private boolean isSystemAlertId(AlertId id) {
        return format == BodyFormat.SENTINEL_ALERT
                && alert.member("systemAlertId")
                        .flatMap(Located::text)
                        .filter(id.value()::equalsIgnoreCase)
                        .isPresent();
    }

    private void leaveOut() {
        if (format == BodyFormat.SECURITY_INCIDENT) {
            reasons.forEach(findings::skip);
            malformed.forEach(findings::add);
        } else if (isOfOtherProduct && reasons.isEmpty()) {
            findings.skip(ofOtherProduct(alert.path(), null));
        } else if (!malformed.isEmpty()) {
            findings.add(malformed.get(0));
        } else if (!reasons.isEmpty()) {
            findings.skip(reasons.get(0));
        } else {
            findings.skipNoAlert(
                    alert.path(), "This is " + format.title() + " without an id at " + format.paths() + ".");
        }
    }

    private static SkippedAlert ofOtherProduct(String path, @Nullable AlertId id) {
        return new SkippedAlert(
                path,
                id,
                SkippedAlert.Reason.OTHER_PRODUCT,
                "The alert names another product than Defender for Endpoint.");
    }
}
