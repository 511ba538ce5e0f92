package dev.alertuser.service.alert;

import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.time.Instant;

/**
 * One request to {@link dev.alertuser.service.AlertUserService#find}.
 *
 * @param maxWait how long the caller waits for a permit; zero takes only a permit that is free now
 * @param askedAt time of the caller's first request. A cached answer counts if it was within its time to live then, or is newer; so a
 *     caller that polls never misses an answer because the answer grew old meanwhile
 * @param fresh true if only answers count that Defender gave after {@code askedAt}
 */
public record LookupRequest(
        AlertId alertId,
        Priority priority,
        Duration maxWait,
        Instant askedAt,
        boolean fresh,
        Correlation correlation) {}
