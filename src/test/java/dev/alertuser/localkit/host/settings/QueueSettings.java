package dev.alertuser.localkit.host.settings;

import java.time.Duration;

/**
 * {@code extensions.queues} of {@code host.json}.
 *
 * @param batchSize messages fetched at once
 * @param newBatchThreshold the next batch is fetched when no more than these are still being worked on
 * @param maxDequeueCount tries before a message is poison
 * @param visibilityTimeout how long a failed message stays invisible
 * @param maxPollingInterval the longest pause between two looks at an empty queue
 * @param lease how long a fetched message stays invisible to others unless it is renewed
 * @param base64 whether messages are Base64; otherwise they are plain text
 */
public record QueueSettings(
        int batchSize,
        int newBatchThreshold,
        int maxDequeueCount,
        Duration visibilityTimeout,
        Duration maxPollingInterval,
        Duration lease,
        boolean base64) {

    /** Of this host alone: {@link #lease} as an ISO 8601 duration, which the storage extension fixes at 10 minutes. */
    public static final String LEASE = "LOCAL_HOST_QUEUE_LEASE";

    /** The extension's own value on a developer's machine; in Azure it is a minute. */
    private static final Duration MAX_POLLING_INTERVAL = Duration.ofSeconds(2);

    public static QueueSettings of(HostJson hostJson, Duration lease) {
        int batchSize = hostJson.number("extensions", "queues", "batchSize").orElse(16);
        return new QueueSettings(
                batchSize,
                hostJson.number("extensions", "queues", "newBatchThreshold").orElse(batchSize / 2),
                hostJson.number("extensions", "queues", "maxDequeueCount").orElse(5),
                hostJson.duration("extensions", "queues", "visibilityTimeout").orElse(Duration.ZERO),
                hostJson.duration("extensions", "queues", "maxPollingInterval").orElse(MAX_POLLING_INTERVAL),
                lease,
                !hostJson.text("extensions", "queues", "messageEncoding")
                        .orElse("base64")
                        .equalsIgnoreCase("none"));
    }
}
