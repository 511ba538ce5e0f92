package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import java.util.Arrays;

/**
 * The slots of all permits of the last window and of those reserved ahead, in order of time. Immutable; reads no clock.
 *
 * <p>A <em>slot</em> is the moment a permit is stamped with, in milliseconds of the storage service's time since 1970.
 */
public final class PermitLog {
    public static final PermitLog EMPTY = new PermitLog(new long[0]);

    /** The last slot that an entry has bits for. */
    static final long LATEST = Long.MAX_VALUE >> 1;

    /** {@code slot << 1 | priority}; the slots ascend. */
    private final long[] entries;

    private PermitLog(long[] entries) {
        this.entries = entries;
    }

    public int size() {
        return entries.length;
    }

    public long slot(int index) {
        return entries[index] >> 1;
    }

    public Priority priority(int index) {
        return (entries[index] & 1) == 0 ? Priority.INTERACTIVE : Priority.BACKLOG;
    }

    public PermitLog with(long slot, Priority priority) {
        int index = countUpTo(slot);
        long[] next = new long[entries.length + 1];
        System.arraycopy(entries, 0, next, 0, index);
        next[index] = entry(slot, priority);
        System.arraycopy(entries, index, next, index + 1, entries.length - index);
        return new PermitLog(next);
    }

    /** Without the slots at or before the given one. */
    public PermitLog after(long slot) {
        return new PermitLog(Arrays.copyOfRange(entries, countUpTo(slot), entries.length));
    }

    /** The first {@code size} slots. */
    PermitLog first(int size) {
        return new PermitLog(Arrays.copyOf(entries, size));
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
        return new PermitLog(next);
    }

    /** How many slots are at or before the given one. */
    int countUpTo(long slot) {
        int index = Arrays.binarySearch(entries, entry(slot + 1, Priority.INTERACTIVE));
        if (index < 0) {
            return -index - 1;
        }
        while (index > 0 && entries[index - 1] >> 1 > slot) {
            index--;
        }
        return index;
    }

    /**
     * The first moment at or after {@code from} at which one more slot leaves every {@code permits + 1} consecutive slots at least
     * {@code span} apart, the slots after it included.
     */
    long earliest(long from, int permits, long span) {
        long slot = from;
        for (int i = Math.max(0, countUpTo(from) - permits); i + permits <= entries.length; i++) {
            // Of any permits + 1 slots in a row, the new one included, the first and the last must be a span apart.
            long first = Math.min(slot(i), slot);
            long last = Math.max(slot(i + permits - 1), slot);
            if (last - first < span) {
                slot = slot(i) + span;
            }
        }
        return slot;
    }

    /** Collects slots that come in order. */
    static final class Builder {
        private final long[] entries;
        private int size;

        Builder(int size) {
            entries = new long[size];
        }

        void add(long slot, Priority priority) {
            entries[size++] = entry(slot, priority);
        }

        PermitLog build() {
            return new PermitLog(entries);
        }
    }

    private static long entry(long slot, Priority priority) {
        return slot << 1 | (priority == Priority.INTERACTIVE ? 0 : 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PermitLog log && Arrays.equals(entries, log.entries);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }
}
