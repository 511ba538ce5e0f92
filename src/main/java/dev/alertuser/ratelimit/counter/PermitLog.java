package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import java.util.Arrays;

/**
 * The slots of all permits of the last window and of those reserved ahead, in order of time. Immutable; reads no clock.
 *
 * <p>A <em>slot</em> is the moment a permit is stamped with, in milliseconds of the storage service's time since 1970. Its <em>doubt</em> is
 * by how much the moment may be later: an instance that knows the time roughly logs both ends of what it knows.
 */
public final class PermitLog {
    public static final PermitLog EMPTY = new PermitLog(new long[0], new int[0]);

    /** Doubts are whole multiples of so many milliseconds, so that each takes a byte in the row. */
    static final int DOUBT_STEP = 100;

    /** A request to storage takes 6 s at most, its date is a second wide, and front ends differ by 3 s at most. */
    static final int MOST_DOUBT = 10_000;

    /** The last slot that an entry has bits for. */
    static final long LATEST = Long.MAX_VALUE >> 2;

    /** {@code slot << 1 | priority}; the slots ascend. */
    private final long[] entries;

    /** The doubt of each slot. */
    private final int[] doubts;

    private PermitLog(long[] entries, int[] doubts) {
        this.entries = entries;
        this.doubts = doubts;
    }

    public int size() {
        return entries.length;
    }

    public long slot(int index) {
        return entries[index] >> 1;
    }

    /** Milliseconds by which the permit may have been used later than its slot. */
    public int doubt(int index) {
        return doubts[index];
    }

    public Priority priority(int index) {
        return (entries[index] & 1) == 0 ? Priority.INTERACTIVE : Priority.BACKLOG;
    }

    /** A doubt that is at least as long, as it can be logged. */
    static int roundedDoubt(long millis) {
        return (int) Math.min(MOST_DOUBT, (millis + DOUBT_STEP - 1) / DOUBT_STEP * DOUBT_STEP);
    }

    /** With a permit whose moment is known exactly. */
    public PermitLog with(long slot, Priority priority) {
        return with(slot, 0, priority);
    }

    PermitLog with(long slot, int doubt, Priority priority) {
        int index = countUpTo(slot);
        return new PermitLog(inserted(entries, index, entry(slot, priority)), inserted(doubts, index, doubt));
    }

    private static long[] inserted(long[] values, int index, long value) {
        long[] next = new long[values.length + 1];
        System.arraycopy(values, 0, next, 0, index);
        next[index] = value;
        System.arraycopy(values, index, next, index + 1, values.length - index);
        return next;
    }

    private static int[] inserted(int[] values, int index, int value) {
        int[] next = new int[values.length + 1];
        System.arraycopy(values, 0, next, 0, index);
        next[index] = value;
        System.arraycopy(values, index, next, index + 1, values.length - index);
        return next;
    }

    /** Without the slots at or before the given one. */
    public PermitLog after(long slot) {
        return range(countUpTo(slot), entries.length);
    }

    /** The first {@code size} slots. */
    PermitLog first(int size) {
        return range(0, size);
    }

    private PermitLog range(int from, int to) {
        return new PermitLog(Arrays.copyOfRange(entries, from, to), Arrays.copyOfRange(doubts, from, to));
    }

    /** With slots after {@code latest} moved to it: only a broken clock can have stamped them. */
    PermitLog notAfter(long latest) {
        int legal = countUpTo(latest);
        if (legal == entries.length) {
            return this;
        }
        long[] next = entries.clone();
        for (int i = legal; i < next.length; i++) {
            next[i] = entry(latest, priority(i));
        }
        return new PermitLog(next, doubts);
    }

    /** How many slots are at or before the given one. */
    int countUpTo(long slot) {
        if (slot >= LATEST) {
            return entries.length;
        }
        int index = Arrays.binarySearch(entries, entry(slot + 1, Priority.INTERACTIVE));
        if (index < 0) {
            return -index - 1;
        }
        while (index > 0 && entries[index - 1] >> 1 > slot) {
            index--;
        }
        return index;
    }

    /** Collects slots that come in order. */
    static final class Builder {
        private final long[] entries;
        private final int[] doubts;
        private int size;

        Builder(int size) {
            entries = new long[size];
            doubts = new int[size];
        }

        void add(long slot, int doubt, Priority priority) {
            doubts[size] = doubt;
            entries[size++] = entry(slot, priority);
        }

        PermitLog build() {
            return new PermitLog(entries, doubts);
        }
    }

    private static long entry(long slot, Priority priority) {
        return slot << 1 | (priority == Priority.INTERACTIVE ? 0 : 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PermitLog log
                && Arrays.equals(entries, log.entries)
                && Arrays.equals(doubts, log.doubts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }
}
