package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.ratelimit.counter.CorruptCounterException;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A row on virtual time, with the faults of a network on demand. Each round trip takes 10 ms. */
public final class InMemoryCounterStore implements CounterStore {
    /** What happens to a write. */
    public enum Fault {
        LOST_BEFORE_IT_LANDED,
        ANSWER_LOST_AFTER_IT_LANDED
    }

    private final VirtualTime time;
    private final StorageClock clock;
    private final Deque<Fault> faults = new ArrayDeque<>();

    private byte @Nullable [] bytes;
    private int version;
    private int failingReads;
    private boolean down;
    private long dateError;
    private int reads;
    private int writes;
    private Runnable beforeRead = () -> {};
    private Runnable beforeWrite = () -> {};

    public InMemoryCounterStore(VirtualTime time, StorageClock clock) {
        this.time = time;
        this.clock = clock;
    }

    public void fail(Fault fault) {
        faults.add(fault);
    }

    /** Fails the next {@code reads} reads. */
    public void fail(int reads) {
        failingReads = reads;
    }

    /** Milliseconds by which dates are ahead of the truth from now on. */
    public void setDateError(long millis) {
        dateError = millis;
    }

    public void setDown(boolean down) {
        this.down = down;
    }

    /** Runs once: others do something while this read is under way. */
    public void beforeNextRead(Runnable others) {
        beforeRead = others;
    }

    /** Runs once, between the next read and its write: another instance comes first. */
    public void beforeNextWrite(Runnable other) {
        beforeWrite = other;
    }

    public int reads() {
        return reads;
    }

    public int writes() {
        return writes;
    }

    public void put(byte @Nullable [] raw) {
        bytes = raw;
        version++;
    }

    public Counter counter() {
        return CounterCodec.decode(bytes);
    }

    @Override
    public @Nullable Row read() {
        reads++;
        Runnable first = beforeRead;
        beforeRead = () -> {};
        first.run();
        roundTrip();
        if (failingReads > 0) {
            failingReads--;
            throw new CounterUnavailableException("the answer is lost", null);
        }
        if (bytes == null) {
            return null;
        }
        try {
            return new Row(CounterCodec.decode(bytes), "v" + version);
        } catch (CorruptCounterException e) {
            return new Row(null, "v" + version);
        }
    }

    @Override
    public Write replace(Counter next, @Nullable String eTag) {
        writes++;
        Runnable first = beforeWrite;
        beforeWrite = () -> {};
        first.run();
        Fault fault = faults.poll();
        if (fault == Fault.LOST_BEFORE_IT_LANDED) {
            throw new CounterUnavailableException("lost before it landed", null);
        }
        boolean timely = roundTrip();
        String current = bytes == null ? null : "v" + version;
        if (!java.util.Objects.equals(current, eTag)) {
            return Write.LOST;
        }
        put(CounterCodec.encode(next));
        if (fault == Fault.ANSWER_LOST_AFTER_IT_LANDED) {
            throw new CounterUnavailableException("answer lost after it landed", null);
        }
        return new Write("v" + version, timely);
    }

    private boolean roundTrip() {
        if (down) {
            throw new CounterUnavailableException("the counter is down", null);
        }
        long sent = clock.nanoTime();
        time.sleep(5);
        Instant date = Instant.ofEpochSecond((time.millis() + dateError) / 1000);
        time.sleep(5);
        return clock.observe(sent, clock.nanoTime(), date);
    }
}
