package dev.alertuser.tables;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Keys of partitions: one for each kind of row and UTC day, so that old days are found by a range of keys. */
final class Partitions {
    static final String ANSWERS = "answers-";
    static final String LOOKUPS = "lookups-";

    private Partitions() {}

    static LocalDate day(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }
}
