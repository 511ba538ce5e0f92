package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
            8,                               PT8S
            ' 8 ',                           PT8S
            3600,                            PT1H
            0,                               PT1S
            7201,                            PT2H
            99999999999999999999,            PT2H
            'Thu, 01 Jan 2026 12:00:30 GMT', PT30S
            'Thu, 01 Jan 2026 11:00:00 GMT', PT1S
            'Fri, 02 Jan 2026 12:00:00 GMT', PT2H
            -8,
            1.5,
            '30,30',
            soon,
            '',
            ,
            """)
    void readsSecondsAndDatesFromTheHeader(String header, Duration expected) {
        assertThat(RetryAfter.inHeader(header, NOON).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
            You can send requests again in 8 seconds.,                    PT8S
            again in 15 seconds,                                          PT15S
            again in 3599 seconds,                                        PT59M59S
            again in 12345 seconds,                                       PT2H
            again in 123456789012345678901234567890 seconds,              PT2H
            again in 0 seconds,                                           PT1S
            API calls quota exceeded! maximum allowed 45 per 00:01:00,
            again in a few seconds,
            ,
            """)
    void readsSecondsOfAnyLengthFromTheText(String text, Duration expected) {
        assertThat(RetryAfter.inText(text).orElse(null)).isEqualTo(expected);
    }

    @Property
    void liesBetweenASecondAndTwoHoursWhateverTheHeader(@ForAll String header, @ForAll long seconds) {
        RetryAfter.inHeader(header, NOON).ifPresent(RetryAfterTest::liesWithinBounds);
        RetryAfter.inHeader(Long.toString(seconds), NOON).ifPresent(RetryAfterTest::liesWithinBounds);
    }

    private static void liesWithinBounds(Duration wait) {
        assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofHours(2));
    }
}
