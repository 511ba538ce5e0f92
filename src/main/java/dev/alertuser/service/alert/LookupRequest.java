package dev.alertuser.service.alert;

import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.time.Instant;

/**
 * One question to {@link dev.alertuser.service.AlertUserService#find}.
 *
 * @param maxWait how long the caller waits for a permit; zero asks for an answer at once
 * @param askedAt when the caller first asked. A kept answer counts if it was young enough then, or is newer; so one who comes back for the
 *     answer is never too late for it
 * @param fresh true if only an answer counts that Defender gave after that
 */
public record LookupRequest(
        AlertId alertId,
        Priority priority,
        Duration maxWait,
        Instant askedAt,
        boolean fresh,
        Correlation correlation) {}
