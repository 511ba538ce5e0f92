package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
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
 * 1          format, now 1; a reader that does not know it must not touch the row
 * 8          version
 * 8          pausedUntil, ms
 * 8          pacedUntil, ms
 * 1          number of commit ids; each: 16 bytes
 * 1          number of policies; each: 8 bytes ms of its last write, margin in ms, number of quotas,
 *            and for each quota: permits, window in ms, reserve
 * 1-5        number of slots
 * 8          the first slot, ms; then for each slot: (ms since the slot before) * 2 + (1 if BACKLOG)
 * 0-1        1 if the pause is the counter's own, to recover; missing or another value if Defender asked for it
 * 4          CRC-32C of all bytes before
 * </pre>
 *
 * <p>A reader ignores bytes after the members that it knows. So members that were added to format 1 later stand at the end, and older
 * versions of the app go on counting while both run: they obey a pause of any cause, but attribute it to Defender, and do not write the
 * cause.
 *
 * <p>A writer with access to the table can forge a row with the right checksum. So decoding takes no more memory than the bytes justify,
 * bytes that describe no counter are corrupt, and {@link Counter#plausible} caps the times.
 *
 * <p>A full hour of 1500 permits takes about 5 KB; a table property holds 64 KiB.
 */
public final class CounterCodec {
    private static final byte FORMAT = 1;
    private static final byte RECOVERING = 1;
    private static final int CRC_BYTES = 4;
    private static final int BYTES_PER_SLOT = 6;
    private static final int BYTES_BESIDES = 2048;

    private CounterCodec() {}

    public static byte[] encode(Counter counter) {
        ByteBuffer out = ByteBuffer.allocate(
                BYTES_BESIDES + BYTES_PER_SLOT * counter.log().size());
        out.put(FORMAT);
        out.putLong(counter.version());
        out.putLong(counter.pause().until());
        out.putLong(counter.pacedUntil());
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
        if (counter.pause().cause() == Cause.RECOVERING) {
            out.put(RECOVERING);
        }
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
        if (bytes.length > 0 && bytes[0] != FORMAT) {
            throw new UnknownFormatException(
                    "the counter has format " + bytes[0] + " but this version of the app knows only " + FORMAT);
        }
        if (bytes.length < CRC_BYTES
                || crc(bytes, bytes.length - CRC_BYTES)
                        != ByteBuffer.wrap(bytes).getInt(bytes.length - CRC_BYTES)) {
            throw new CorruptCounterException(
                    "the checksum of the counter's " + bytes.length + " bytes does not match");
        }
        try {
            return decode(ByteBuffer.wrap(bytes, 1, bytes.length - 1 - CRC_BYTES));
        } catch (RuntimeException e) {
            throw new CorruptCounterException("the counter's bytes do not describe a counter", e);
        }
    }

    private static Counter decode(ByteBuffer in) {
        long version = in.getLong();
        long pausedUntil = in.getLong();
        long pacedUntil = in.getLong();
        List<UUID> commits = new ArrayList<>();
        for (int left = in.get() & 0xFF; left > 0; left--) {
            commits.add(new UUID(in.getLong(), in.getLong()));
        }
        Map<QuotaPolicy, Long> policies = new LinkedHashMap<>();
        for (int left = in.get() & 0xFF; left > 0; left--) {
            long at = in.getLong();
            policies.put(getPolicy(in), at);
        }
        PermitLog log = getLog(in);
        boolean recovering = in.hasRemaining() && in.get() == RECOVERING;
        Pause pause = new Pause(pausedUntil, recovering ? Cause.RECOVERING : Cause.THROTTLED);
        return new Counter(version, log, pause, pacedUntil, commits, policies);
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
            putVarint(out, (log.slot(i) - before) << 1 | (log.priority(i) == Priority.BACKLOG ? 1 : 0));
            before = log.slot(i);
        }
    }

    private static PermitLog getLog(ByteBuffer in) {
        long size = getVarint(in);
        long slot = in.getLong();
        if (size > in.remaining()) {
            throw new IllegalArgumentException(size + " slots in " + in.remaining() + " bytes");
        }
        PermitLog.Builder log = new PermitLog.Builder((int) size);
        for (int i = 0; i < size; i++) {
            long entry = getVarint(in);
            slot = Math.addExact(slot, entry >> 1);
            if (slot < 0 || slot > PermitLog.LATEST) {
                throw new IllegalArgumentException("a slot at " + slot);
            }
            log.add(slot, (entry & 1) == 0 ? Priority.INTERACTIVE : Priority.BACKLOG);
        }
        return log.build();
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
