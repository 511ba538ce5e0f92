package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.port.QueueState;
import dev.alertuser.service.port.QueueState.Waiting;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A value that ends up in a log line by mistake tells nothing of a person, a secret or a stranger's text. */
class WithheldTextTest {
    private static final String SECRET = "5ec2e7";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    static Stream<Object> valuesWithASecret() {
        AlertUser user = new AlertUser("{\"id\":\"" + SECRET + "\"}", SECRET, SECRET, SECRET, SECRET);
        Found found = new Found(user, new Origin(Source.DEFENDER, NOON, "c-1", 200));
        Waiting message = new Waiting(SECRET, NOON);
        return Stream.of(
                user,
                found,
                LookupOutcome.free(found),
                new LookupId(LocalDate.EPOCH, SECRET),
                message,
                new QueueState(1, List.of(message)));
    }

    @ParameterizedTest
    @MethodSource("valuesWithASecret")
    void isNotPrinted(Object value) {
        assertThat(value.toString()).isNotEmpty().doesNotContain(SECRET);
    }
}
