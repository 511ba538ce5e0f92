package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.ratelimit.counter.CounterCodec;
import dev.alertuser.ratelimit.counter.UnknownFormatException;
import dev.alertuser.ratelimit.store.CounterStore.Row;
import org.junit.jupiter.api.Test;

/** What a store does that holds the counter as bytes, which somebody else can overwrite. */
abstract class CounterBytesContract extends CounterStoreContract {

    /** Puts bytes in place of the row, as somebody else would. */
    abstract void overwrite(byte[] bytes);

    @Test
    void aRowThatIsNoCounterIsReadAsCorruptAndCanBeReplaced() {
        store().replace(ONE, null);
        overwrite(new byte[] {1, 2, 3});

        Row corrupt = row();
        assertThat(corrupt.counter()).isNull();
        written(store().replace(TWO, corrupt.eTag()));
        assertThat(row().counter()).isEqualTo(TWO);
    }

    @Test
    void aRowOfANewerFormatIsRefused() {
        store().replace(ONE, null);
        byte[] newer = CounterCodec.encode(ONE);
        newer[0]++;
        overwrite(newer);

        assertThatThrownBy(() -> store().read()).isInstanceOf(UnknownFormatException.class);
    }
}
