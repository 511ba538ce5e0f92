package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Line;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.store.CounterStore.Row;
import dev.alertuser.ratelimit.store.CounterStore.Write;
import dev.alertuser.service.budget.Priority;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every store of the counter does, the simulated ones too. */
public abstract class CounterStoreContract {
    static final Counter ONE = counterOf(1);
    static final Counter TWO = counterOf(2);

    /** An empty store, the same for each call in one test. */
    protected abstract CounterStore store();

    @Test
    void hasNoRowBeforeTheFirstWrite() {
        assertThat(store().read()).isNull();
    }

    @Test
    void readsWhatWasWritten() {
        store().replace(ONE, null);

        assertThat(row().counter()).isEqualTo(ONE);
    }

    @Test
    void aWriteReturnsTheETagForTheNext() {
        String first = written(store().replace(ONE, null));
        String second = written(store().replace(TWO, first));

        assertThat(row()).isEqualTo(new Row(TWO, second));
        written(store().replace(ONE, second));
    }

    @Test
    void theSecondInsertIsALostRace() {
        store().replace(ONE, null);

        assertThat(store().replace(TWO, null)).isEqualTo(Write.LOST);
        assertThat(row().counter()).isEqualTo(ONE);
    }

    @Test
    void aWriteOverANewerRowIsALostRace() {
        String read = written(store().replace(ONE, null));
        store().replace(TWO, read);

        assertThat(store().replace(ONE, read)).isEqualTo(Write.LOST);
        assertThat(row().counter()).isEqualTo(TWO);
    }

    final Row row() {
        return Objects.requireNonNull(store().read());
    }

    static String written(Write write) {
        assertThat(write.timely()).isTrue();
        assertThat(write.eTag()).isNotNull();
        return write.eTag();
    }

    private static Counter counterOf(int permits) {
        PermitLog log = PermitLog.EMPTY;
        for (int i = 0; i < permits; i++) {
            log = log.with(VirtualTime.START_MILLIS + i, Priority.BACKLOG);
        }
        return new Counter(permits, log, Line.EMPTY, Pause.NONE, 0, 0, List.of(), Map.of());
    }
}
