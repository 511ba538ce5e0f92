package dev.alertuser.localkit.fake;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How {@link FakeDefender} answers ids that begin with one of these words: each of the app's errors can be had by an id. */
public enum FakeDefenderFailure {
    MISSING("404"),
    FORBIDDEN("403"),
    BROKEN("200 without JSON"),
    DOWN("503"),
    SLOW("no answer in time"),
    THROTTLED("429 for 10 s");

    private final String inWords;

    FakeDefenderFailure(String inWords) {
        this.inWords = inWords;
    }

    /** Empty for an id that has a user. */
    static Optional<FakeDefenderAnswer> of(String alertId) {
        return Arrays.stream(values())
                .filter(failure -> alertId.startsWith(failure.prefix()))
                .findFirst()
                .map(failure -> failure.answer(alertId));
    }

    /** All of them in one line. */
    public static String list() {
        return Arrays.stream(values())
                .map(failure -> failure.prefix() + "* " + failure.inWords)
                .collect(Collectors.joining(", "));
    }

    private String prefix() {
        return name().toLowerCase(Locale.ROOT);
    }

    private FakeDefenderAnswer answer(String alertId) {
        return switch (this) {
            case MISSING -> FakeDefenderAnswer.notFound(alertId);
            case FORBIDDEN -> FakeDefenderAnswer.forbidden();
            case BROKEN -> FakeDefenderAnswer.html(200);
            case DOWN -> FakeDefenderAnswer.html(503);
            // Later than the app waits.
            case SLOW -> FakeDefenderAnswer.user(FakeDefenderUsers.of(alertId)).after(Duration.ofSeconds(20));
            case THROTTLED -> FakeDefenderAnswer.throttled(10);
        };
    }
}
