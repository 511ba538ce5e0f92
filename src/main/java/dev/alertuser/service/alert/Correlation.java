package dev.alertuser.service.alert;

import org.jspecify.annotations.Nullable;

/**
 * What ties one lookup together across trigger, Defender call, log lines and result.
 *
 * @param id the caller's own id when it sent one, else ours
 * @param traceparent W3C trace context of the invocation
 */
public record Correlation(String id, @Nullable String traceparent) {}
