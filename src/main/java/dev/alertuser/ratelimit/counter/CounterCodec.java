package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A {@link Counter} as bytes, big-endian. All integers but the fixed-width ones are unsigned LEB128.
 *
 * <pre>
 * bytes      what
 * 1          format, now 2; a reader that does not know it must not touch the row
 * 8          version
 * 8          pausedUntil, ms
 * 1          cause of the pause: 1 if it is the counter's own, to recover; 0 if Defender asked for it
 * 8          pacedUntil, ms
 * 8          deferredUntil, ms
 * 1          number of commit ids; each: 16 bytes
 * 1          number of policies; each: 8 bytes ms of its last write, margin in ms, number of quotas,
 *            and for each quota: permits, window in ms, reserve
 * 1-5        number of slots
 * 8          the first slot, ms; then for each slot: (ms since the slot before) * 4 + (2 if doubted) + (1 if BACKLOG);
 *            if doubted, 1 byte: its doubt in 100 ms
 * 1-5        number of places
 * 8          the first place's slot, ms; then for each place: (ms since the place before) * 2 + (1 if claimed), and
 *            8 bytes of its question
 * 4          CRC-32C of all bytes before
 * </pre>
 *
 * <p>Format 1 had no places, no doubts and no deferredUntil. Its rows are read, and written in format 2. A version of the app that knows only
 * format 1 leaves a row of format 2 alone, and grants nothing, so it breaks no promise.
 *
 * <p>A writer with access to the table can forge a row with the right checksum. So decoding takes no more memory than the bytes justify,
 * bytes that describe no counter are corrupt, and {@link Counter#plausible} caps the times.
 *
 * <p>A full hour of 1500 permits and as many places takes about 22 KB; a table property holds 64 KiB. At most it is: 10 000 slots, each
 * 3 bytes, since in a day no more than 165 of them can be the 9 minutes apart that take a fourth byte, and each with a byte of doubt; 1 500
 * places of 12 bytes; and less than 2 KB of the rest. That is 60 KB.
 */
public final class CounterCodec {
    private static final byte FORMAT = 2;
    private static final byte FIRST_FORMAT = 1;
    private static final byte RECOVERING = 1;
    private static final int DOUBTED = 2;
    private static final int OF_BACKLOG = 1;
    private static final int CRC_BYTES = 4;
    private static final int BYTES_PER_SLOT = 7;
    private static final int BYTES_PER_PLACE = 15;
    private static final int BYTES_BESIDES = 2048;

    private CounterCodec() {}

    public static byte[] encode(Counter counter) {
        ByteBuffer out = ByteBuffer.allocate(BYTES_BESIDES
                + BYTES_PER_SLOT * counter.log().size()
                + BYTES_PER_PLACE * counter.line().size());
        out.put(FORMAT);
        out.putLong(counter.version());
        out.putLong(counter.pause().until());
        out.put(counter.pause().cause() == Cause.RECOVERING ? RECOVERING : 0);
        out.putLong(counter.pacedUntil());
        out.putLong(counter.deferredUntil());
        out.put((byte) counter.commits().size());
        for (UUID commit : counter.commits()) {
            out.putLong(commit.getMostSignificantBits()).putLong(commit.getLeastSignificantBits());
        }
        out.put((byte) counter.policies().size());
        counter.policies().forEach((policy, at) -> {
            out.putLong(at);
            putPolicy(out, policy);
        });
        putLog(out, counter.log());
        putLine(out, counter.line());
        out.putInt(crc(out.array(), out.position()));
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * Reads the bytes that {@link #encode} made.
     *
     * @throws UnknownFormatException if the bytes are of another version of the app
     * @throws CorruptCounterException if they are no counter
     */
    public static Counter decode(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] != FORMAT && bytes[0] != FIRST_FORMAT) {
            throw new UnknownFormatException("the counter has format " + bytes[0]
                    + " but this version of the app knows only " + FIRST_FORMAT + " and " + FORMAT);
        }
        if (bytes.length < CRC_BYTES
                || crc(bytes, bytes.length - CRC_BYTES)
                        != ByteBuffer.wrap(bytes).getInt(bytes.length - CRC_BYTES)) {
            throw new CorruptCounterException(
                    "the checksum of the counter's " + bytes.length + " bytes does not match");
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1 - CRC_BYTES);
            return bytes[0] == FIRST_FORMAT ? decodeFirst(in) : decode(in);
        } catch (RuntimeException e) {
            throw new CorruptCounterException("the counter's bytes do not describe a counter", e);
        }
    }

    private static Counter decode(ByteBuffer in) {
        long version = in.getLong();
        long pausedUntil = in.getLong();
        Pause pause = new Pause(pausedUntil, cause(in));
        long pacedUntil = in.getLong();
        long deferredUntil = in.getLong();
        List<UUID> commits = getCommits(in);
        Map<QuotaPolicy, Long> policies = getPolicies(in);
        return new Counter(version, getLog(in), getLine(in), pause, pacedUntil, deferredUntil, commits, policies);
    }

    /** Its last byte, the cause of the pause, may be missing: it was added later. */
    private static Counter decodeFirst(ByteBuffer in) {
        long version = in.getLong();
        long pausedUntil = in.getLong();
        long pacedUntil = in.getLong();
        List<UUID> commits = getCommits(in);
        Map<QuotaPolicy, Long> policies = getPolicies(in);
        PermitLog log = getFirstLog(in);
        Pause pause = new Pause(pausedUntil, in.hasRemaining() ? cause(in) : Cause.THROTTLED);
        return new Counter(version, log, Line.EMPTY, pause, pacedUntil, 0, commits, policies);
    }

    private static Cause cause(ByteBuffer in) {
        return in.get() == RECOVERING ? Cause.RECOVERING : Cause.THROTTLED;
    }

    private static List<UUID> getCommits(ByteBuffer in) {
        List<UUID> commits = new ArrayList<>();
        for (int left = in.get() & 0xFF; left > 0; left--) {
            commits.add(new UUID(in.getLong(), in.getLong()));
        }
        return commits;
    }

    private static Map<QuotaPolicy, Long> getPolicies(ByteBuffer in) {
        Map<QuotaPolicy, Long> policies = new LinkedHashMap<>();
        for (int left = in.get() & 0xFF; left > 0; left--) {
            long at = in.getLong();
            policies.put(getPolicy(in), at);
        }
        return policies;
    }

    private static void putPolicy(ByteBuffer out, QuotaPolicy policy) {
        putVarint(out, policy.margin().toMillis());
        putVarint(out, policy.quotas().size());
        for (Quota quota : policy.quotas()) {
            putVarint(out, quota.permits());
            putVarint(out, quota.window().toMillis());
            putVarint(out, quota.reserve());
        }
    }

    private static QuotaPolicy getPolicy(ByteBuffer in) {
        Duration margin = Duration.ofMillis(getVarint(in));
        List<Quota> quotas = new ArrayList<>();
        for (long left = getVarint(in); left > 0; left--) {
            int permits = Math.toIntExact(getVarint(in));
            Duration window = Duration.ofMillis(getVarint(in));
            quotas.add(new Quota(permits, window, Math.toIntExact(getVarint(in))));
        }
        return new QuotaPolicy(quotas, margin);
    }

    private static void putLog(ByteBuffer out, PermitLog log) {
        putVarint(out, log.size());
        long before = log.size() == 0 ? 0 : log.slot(0);
        out.putLong(before);
        for (int i = 0; i < log.size(); i++) {
            boolean doubted = log.doubt(i) > 0;
            putVarint(
                    out,
                    (log.slot(i) - before) << 2
                            | (doubted ? DOUBTED : 0)
                            | (log.priority(i) == Priority.BACKLOG ? OF_BACKLOG : 0));
            if (doubted) {
                out.put((byte) (log.doubt(i) / PermitLog.DOUBT_STEP));
            }
            before = log.slot(i);
        }
    }

    private static PermitLog getLog(ByteBuffer in) {
        int size = getSize(in);
        long slot = in.getLong();
        PermitLog.Builder log = new PermitLog.Builder(size);
        for (int i = 0; i < size; i++) {
            long entry = getVarint(in);
            slot = slotAfter(slot, entry >> 2);
            int doubt = (entry & DOUBTED) == 0 ? 0 : (in.get() & 0xFF) * PermitLog.DOUBT_STEP;
            if (doubt > PermitLog.MOST_DOUBT) {
                throw new IllegalArgumentException("a doubt of " + doubt);
            }
            log.add(slot, doubt, priority(entry));
        }
        return log.build();
    }

    private static PermitLog getFirstLog(ByteBuffer in) {
        int size = getSize(in);
        long slot = in.getLong();
        PermitLog.Builder log = new PermitLog.Builder(size);
        for (int i = 0; i < size; i++) {
            long entry = getVarint(in);
            slot = slotAfter(slot, entry >> 1);
            log.add(slot, 0, priority(entry));
        }
        return log.build();
    }

    private static Priority priority(long entry) {
        return (entry & OF_BACKLOG) == 0 ? Priority.INTERACTIVE : Priority.BACKLOG;
    }

    private static void putLine(ByteBuffer out, Line line) {
        putVarint(out, line.size());
        long before = line.size() == 0 ? 0 : line.places().get(0).slot();
        out.putLong(before);
        for (Place place : line.places()) {
            putVarint(out, (place.slot() - before) << 1 | (place.claimed() ? 1 : 0));
            out.putLong(place.question().value());
            before = place.slot();
        }
    }

    private static Line getLine(ByteBuffer in) {
        int size = getSize(in);
        long slot = in.getLong();
        List<Place> places = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            long entry = getVarint(in);
            slot = slotAfter(slot, entry >> 1);
            places.add(new Place(slot, new QuestionKey(in.getLong()), (entry & 1) != 0));
        }
        return new Line(places);
    }

    /** Each of what is counted takes a byte at least, so a forged number takes no more memory than the row. */
    private static int getSize(ByteBuffer in) {
        long size = getVarint(in);
        if (size > in.remaining()) {
            throw new IllegalArgumentException(size + " entries in " + in.remaining() + " bytes");
        }
        return (int) size;
    }

    private static long slotAfter(long before, long millis) {
        long slot = Math.addExact(before, millis);
        if (slot < 0 || slot > PermitLog.LATEST) {
            throw new IllegalArgumentException("a slot at " + slot);
        }
        return slot;
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while (rest > 0x7F) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long getVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("an integer of more than 63 bits");
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
