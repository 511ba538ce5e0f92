package dev.alertuser.payload;

import dev.alertuser.payload.json.Located;
import dev.alertuser.service.alert.CorrelationIds;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An event around a body: CloudEvents 1.0 in JSON, or the Event Grid schema.
 *
 * @param data the data of the event, as JSON
 * @param dataBase64 the data as bytes, in Base64
 * @param correlationId of a CloudEvent: the extension of that name, else its id, if valid as a correlation id
 * @param traceparent of a CloudEvent: the extension of that name, if it has the W3C's form
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">CloudEvents in JSON</a>
 */
record Envelope(
        Optional<Located> data,
        Optional<Located> dataBase64,
        @Nullable String correlationId,
        @Nullable String traceparent) {

    /** Empty if the object is no event. The id of an Event Grid event belongs to Event Grid and is no correlation id. */
    static Optional<Envelope> of(Located object) {
        boolean isCloudEvent = object.member("specversion").isPresent();
        Optional<Located> data = object.member("data");
        Optional<Located> dataBase64 = isCloudEvent ? object.member("data_base64") : Optional.empty();
        if (isCloudEvent) {
            return Optional.of(new Envelope(data, dataBase64, correlationId(object), traceparent(object)));
        }
        return object.member("eventType").isPresent() && data.isPresent()
                ? Optional.of(new Envelope(data, dataBase64, null, null))
                : Optional.empty();
    }

    /** The sender's own id, which need not have our form: an invalid one counts as absent. */
    private static @Nullable String correlationId(Located event) {
        return Stream.of("correlationid", "id")
                .flatMap(name -> event.member(name).stream())
                .flatMap(place -> place.text().stream())
                .filter(CorrelationIds::isValid)
                .findFirst()
                .orElse(null);
    }

    /** An invalid trace context counts as absent: tracing is not worth an error. */
    static @Nullable String traceparent(Located sender) {
        return sender.member("traceparent")
                .flatMap(Located::text)
                .filter(CorrelationIds::isTraceparent)
                .orElse(null);
    }
}
