package dev.alertuser.service;

import java.time.Duration;

/**
 * One question to {@link AlertUserService#find}.
 *
 * @param maxWait how long the caller waits for a permit; zero asks for an answer at once
 * @param fresh true to ask Defender even when an answer is kept
 */
public record Question(AlertId alertId, Priority priority, Duration maxWait, boolean fresh, Correlation correlation) {}
