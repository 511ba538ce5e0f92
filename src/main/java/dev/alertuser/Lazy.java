package dev.alertuser;

import dev.alertuser.config.SettingsException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made on first use. Thread-safe. After a failure the next call tries again: a static initialiser would turn the failure
 * into an {@code Error}, which the Functions worker does not catch, and the call would hang. Only wrong settings are remembered: they stay
 * wrong for the life of the process.
 */
public final class Lazy<T> {
    private final Supplier<T> maker;
    private volatile @Nullable T value;
    private @Nullable SettingsException wrongSettings;

    public Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    public T get() {
        T made = value;
        return made != null ? made : make();
    }

    /** The value if it has been made. */
    public Optional<T> ifMade() {
        return Optional.ofNullable(value);
    }

    private synchronized T make() {
        T made = value;
        if (made == null) {
            made = makeUnlessSettingsAreWrong();
            value = made;
        }
        return made;
    }

    private T makeUnlessSettingsAreWrong() {
        if (wrongSettings != null) {
            throw wrongSettings;
        }
        try {
            return maker.get();
        } catch (SettingsException e) {
            wrongSettings = e;
            throw e;
        }
    }
}
