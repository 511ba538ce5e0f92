package dev.alertuser.tables;

import dev.alertuser.service.alert.Sha256;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Partition keys of one kind of row: {@code answers-2026-01-31-0123456789abcdef}. The day comes before the scope, so that one range of keys
 * covers the old rows of all apps.
 */
final class Partitions {
    static final String ANSWERS = "answers-";
    static final String LOOKUPS = "lookups-";
    private static final int SCOPE_LENGTH = 16;

    private final String kind;
    private final String scope;

    /** @param key apps with another key do not see these rows */
    Partitions(String kind, String key) {
        this.kind = kind;
        this.scope = Sha256.hex(key).substring(0, SCOPE_LENGTH);
    }

    String of(LocalDate day) {
        return kind + day + "-" + scope;
    }

    static LocalDate day(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }
}
