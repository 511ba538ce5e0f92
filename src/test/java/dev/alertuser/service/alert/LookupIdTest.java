package dev.alertuser.service.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.time.api.constraints.YearRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookupIdTest {
    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);

    @Test
    void readsWhatItWrites() {
        LookupId id = LookupId.random(DAY, new SecureRandom());

        assertThat(id.text()).matches("20260131-[0-9a-f]{32}");
        assertThat(LookupId.parse(id.text())).contains(id);
    }

    @Test
    void isRandom() {
        SecureRandom random = new SecureRandom();
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            secrets.add(LookupId.random(DAY, random).secret());
        }

        assertThat(secrets).hasSize(10_000);
    }

    @Test
    void withholdsItsSecretAsText() {
        LookupId id = LookupId.random(DAY, new SecureRandom());

        assertThat(id.toString()).isEqualTo("LookupId[2026-01-31, withheld]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "20260131",
                "20260230-00000000000000000000000000000000",
                "20260131-0000000000000000000000000000000",
                "20260131-000000000000000000000000000000000",
                "20260131-0000000000000000000000000000000A",
                "20260131-00000000000000000000000000000000\n"
            })
    void rejectsAnyOtherForm(String text) {
        assertThat(LookupId.parse(text)).isEmpty();
    }

    @Property
    void readsTheIdOfAnyDay(@ForAll @YearRange(min = 1, max = 9999) LocalDate day, @ForAll("secrets") String secret) {
        LookupId id = new LookupId(day, secret);

        assertThat(LookupId.parse(id.text())).contains(id);
    }

    /** Else one lookup could be polled, logged or stored under several names. */
    @Property
    void readsNoIdFromATextThatIsNotItsOwn(@ForAll("textsNearAnId") String text) {
        assertThat(LookupId.parse(text).map(LookupId::text)).isIn(Optional.empty(), Optional.of(text));
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.strings().withChars("0123456789abcdef").ofLength(32);
    }

    /** An id, or what is left of it after another text took the place of a part. */
    @Provide
    Arbitrary<String> textsNearAnId() {
        Arbitrary<String> days = Arbitraries.strings().numeric().ofLength(8);
        Arbitrary<String> others = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(3), Arbitraries.of("\u0662", "+", "-", "A", "f", "\n", " "));
        return Combinators.combine(
                        days,
                        secrets(),
                        Arbitraries.integers().between(0, 41),
                        Arbitraries.integers().between(0, 2),
                        others)
                .as((day, secret, at, length, other) -> {
                    StringBuilder text = new StringBuilder(day + "-" + secret);
                    return text.replace(at, Math.min(at + length, text.length()), other)
                            .toString();
                });
    }
}
