package dev.alertuser.payload;

import org.jspecify.annotations.Nullable;

/**
 * The surroundings of the value that is being read.
 *
 * @param texts number of inner texts opened on the path to it
 * @param inIncident whether the value is one of an incident's alerts
 * @param correlationId as in {@link FoundId}
 * @param traceparent as in {@link FoundId}
 */
record ReadingContext(
        int texts,
        boolean inIncident,
        @Nullable String correlationId,
        @Nullable String traceparent) {

    static final ReadingContext ROOT = new ReadingContext(0, false, null, null);

    ReadingContext inText() {
        return new ReadingContext(texts + 1, inIncident, correlationId, traceparent);
    }

    ReadingContext in(Wrapper wrapper) {
        boolean isOfIncident = wrapper == Wrapper.ALERTS || (inIncident && wrapper == Wrapper.VALUE);
        return new ReadingContext(texts, isOfIncident, correlationId, traceparent);
    }

    ReadingContext in(Envelope event) {
        return new ReadingContext(texts, false, correlationId, traceparent)
                .correlatedBy(event.correlationId())
                .tracedBy(event.traceparent());
    }

    /** An inner id overrides an outer one; null keeps the outer one. */
    ReadingContext correlatedBy(@Nullable String id) {
        return id == null ? this : new ReadingContext(texts, inIncident, id, traceparent);
    }

    ReadingContext tracedBy(@Nullable String trace) {
        return trace == null ? this : new ReadingContext(texts, inIncident, correlationId, trace);
    }
}
