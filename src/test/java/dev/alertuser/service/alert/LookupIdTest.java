package dev.alertuser.service.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
    void readsAnyTextWithoutAnException(@ForAll String text) {
        assertThat(LookupId.parse(text)).isEmpty();
    }
}
