package dev.alertuser.service.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a body holds besides the alerts that are asked for.
 *
 * @param skipped how many parts Defender for Endpoint has no answer to
 * @param invalid how many parts cannot be read
 * @param duplicates how many ids stand there once more
 * @param parts the first of them, {@link #MOST_PARTS} at the most
 */
public record LeftOut(int skipped, int invalid, int duplicates, List<Part> parts) {
    /** So many are named; all are counted. A row, and an answer, must hold them. */
    public static final int MOST_PARTS = 500;

    public static final LeftOut NOTHING = new LeftOut(0, 0, 0, List.of());

    /** Why a part is no alert to ask for. */
    public enum Kind {
        SKIPPED,
        INVALID,
        DUPLICATE
    }

    /**
     * One part of a body.
     *
     * @param path where it stands; empty for the body itself
     * @param alertId the id that is not asked for; null if there is none
     * @param code why, for programs; empty for a duplicate
     * @param message why, for people; empty for a duplicate
     */
    public record Part(Kind kind, String path, @Nullable String alertId, String code, String message) {}

    public LeftOut {
        parts = List.copyOf(parts.subList(0, Math.min(parts.size(), MOST_PARTS)));
    }

    /** Those of one kind, in the order of the body. */
    public List<Part> parts(Kind kind) {
        return parts.stream().filter(part -> part.kind() == kind).toList();
    }
}
