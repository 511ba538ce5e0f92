package dev.alertuser.service.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a body that are not looked up.
 *
 * @param skipped number of parts for which Defender for Endpoint has no answer
 * @param invalid number of parts that cannot be read
 * @param duplicates number of repeated ids
 * @param parts the first of them, at most {@link #MOST_PARTS}
 */
public record LeftOut(int skipped, int invalid, int duplicates, List<Part> parts) {
    /** The most parts that are listed; all are counted. One row, and one answer, must hold the list. */
    public static final int MOST_PARTS = 500;

    public static final LeftOut NOTHING = new LeftOut(0, 0, 0, List.of());

    /** Why a part is not looked up. */
    public enum Kind {
        SKIPPED,
        INVALID,
        DUPLICATE
    }

    /**
     * One part of a body.
     *
     * @param path its place in the body; empty for the body itself
     * @param alertId the id that is not looked up; null if there is none
     * @param code the reason for programs; empty for a duplicate
     * @param message the reason for people; empty for a duplicate
     */
    public record Part(Kind kind, String path, @Nullable String alertId, String code, String message) {}

    public LeftOut {
        parts = List.copyOf(parts.subList(0, Math.min(parts.size(), MOST_PARTS)));
    }

    /** The parts of one kind, in the order of the body. */
    public List<Part> parts(Kind kind) {
        return parts.stream().filter(part -> part.kind() == kind).toList();
    }
}
