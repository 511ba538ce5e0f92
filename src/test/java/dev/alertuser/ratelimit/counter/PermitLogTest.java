package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.budget.Priority;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PermitLogTest {

    @Property
    void keepsSlotsInOrder(@ForAll List<@LongRange(min = 0, max = 500) Long> slots) {
        PermitLog log = logOf(slots);

        assertThat(slotsOf(log)).isSorted().containsExactlyInAnyOrderElementsOf(slots);
    }

    @Property
    void countsSlotsUpToAMoment(
            @ForAll List<@LongRange(min = 0, max = 50) Long> slots,
            @ForAll @LongRange(min = -1, max = 51) long moment) {
        assertThat(logOf(slots).countUpTo(moment))
                .isEqualTo(slots.stream().filter(slot -> slot <= moment).count());
    }

    @Property
    void forgetsSlotsUpToAMoment(
            @ForAll List<@LongRange(min = 0, max = 50) Long> slots,
            @ForAll @LongRange(min = -1, max = 51) long moment) {
        assertThat(slotsOf(logOf(slots).after(moment)))
                .containsExactlyElementsOf(
                        slots.stream().filter(slot -> slot > moment).sorted().toList());
    }

    @Property
    void movesImpossibleSlotsToTheLatestPossible(
            @ForAll List<@LongRange(min = 0, max = 50) Long> slots, @ForAll @LongRange(min = 0, max = 50) long latest) {
        assertThat(slotsOf(logOf(slots).notAfter(latest)))
                .containsExactlyElementsOf(slots.stream()
                        .map(slot -> Math.min(slot, latest))
                        .sorted()
                        .toList());
    }

    @Test
    void remembersThePriorityOfEachSlot() {
        PermitLog log = PermitLog.EMPTY.with(20, Priority.BACKLOG).with(10, Priority.INTERACTIVE);

        assertThat(log.priority(0)).isEqualTo(Priority.INTERACTIVE);
        assertThat(log.priority(1)).isEqualTo(Priority.BACKLOG);
    }

    private static PermitLog logOf(List<Long> slots) {
        PermitLog log = PermitLog.EMPTY;
        for (long slot : slots) {
            log = log.with(slot, slot % 2 == 0 ? Priority.INTERACTIVE : Priority.BACKLOG);
        }
        return log;
    }

    private static List<Long> slotsOf(PermitLog log) {
        Long[] slots = new Long[log.size()];
        Arrays.setAll(slots, log::slot);
        return List.of(slots);
    }
}
