package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.CalledServer.Call;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * What all processes of a fleet did that ever ran, the killed ones included.
 *
 * @param calls as the server saw them
 * @param slots that were charged to the row, in order
 * @param unused permits that came too late to be used
 * @param failed acquires that failed; each may have charged one permit that nobody got
 * @param open acquires that were under way when their process was killed; each may have had one permit
 * @param ambiguous writes without an answer
 * @param lastMillis when the processes were told to end
 */
record FleetReport(
        List<Call> calls,
        List<Long> slots,
        int kills,
        long unused,
        long failed,
        long open,
        long ambiguous,
        long lastMillis) {
    private static final QuotaPolicy POLICY = LimiterProcess.POLICY;

    /** A call leaves so much before or after its slot that two calls may be closer to each other by this than their slots. */
    private static final long SPREAD = POLICY.sendDeadline() + 2 * POLICY.clockSlack();

    /** The most slots in any window of the quota and its margin. */
    int mostSlots(Quota quota) {
        return Windows.mostWithin(slots, POLICY.span(quota));
    }

    /** The most calls that left in any window of the quota and of what its margin leaves to the network. */
    int mostLeft(Quota quota) {
        return Windows.mostWithin(calls.stream().map(Call::left).sorted().toList(), POLICY.span(quota) - SPREAD);
    }

    /** The most calls that arrived in any window of the quota. */
    int mostArrived(Quota quota) {
        return Windows.mostWithin(
                calls.stream().map(Call::arrived).sorted().toList(),
                quota.window().toMillis());
    }

    /** Permits that no process told of: charged, and lost with the process that was killed, or with the answer to a write. */
    long lost() {
        return slots.size() - calls.size() - unused;
    }

    /** The permits that are due from the first one until the end, if there is always a caller: each span begins with a burst. */
    long due() {
        long millis = lastMillis - slots.get(0);
        return POLICY.quotas().stream()
                .mapToLong(quota -> quota.permits() * (1 + millis / POLICY.span(quota)))
                .min()
                .orElseThrow();
    }

    /** What must never be: too many calls or slots, a call without a slot, or a slot more than there were callers for it. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Quota quota : POLICY.quotas()) {
            tooMany(faults, mostSlots(quota), "slots", quota);
            tooMany(faults, mostLeft(quota), "calls that left", quota);
            tooMany(faults, mostArrived(quota), "calls that arrived", quota);
        }
        if (lost() < 0) {
            faults.add(slots.size() + " slots for " + calls.size() + " calls and " + unused + " unused permits");
        }
        if (lost() > failed + open) {
            faults.add(lost() + " slots that nobody had, but only " + failed + " failed and " + open
                    + " open acquires: one was charged twice");
        }
        return faults;
    }

    private static void tooMany(List<String> faults, int found, String what, Quota quota) {
        if (found > quota.permits()) {
            faults.add(found + " " + what + " in a window of " + quota);
        }
    }
}
