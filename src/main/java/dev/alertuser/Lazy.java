package dev.alertuser;

import dev.alertuser.config.SettingsException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for. Thread-safe. When making it fails, the next one who asks makes it: a static initialiser
 * would fail as an error instead, which the Functions worker does not catch, and the call would hang. Wrong settings are read once: they stay
 * wrong as long as the process lives.
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

    /** The value if it is made already. */
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
