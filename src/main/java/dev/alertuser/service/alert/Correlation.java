package dev.alertuser.service.alert;

import org.jspecify.annotations.Nullable;

/**
 * Ids that identify one lookup in its trigger, its Defender call, its log lines and its result.
 *
 * @param id the caller's own id when it sent one, else ours
 * @param traceparent W3C trace context of the invocation
 */
public record Correlation(String id, @Nullable String traceparent) {}
