package dev.alertuser.localkit.host.settings;

import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a host.
 *
 * @param function opens each function of the level {@code FUNCTION}; null if the host asks for no keys, as Core Tools do
 * @param master opens everything, the admin endpoint included; null likewise
 */
public record HostKeys(@Nullable String function, @Nullable String master) {
    /** Whether a call with this key, null for none, may go on. */
    public boolean open(AuthorizationLevel level, @Nullable String given) {
        return switch (level) {
            case ANONYMOUS -> true;
            case FUNCTION -> !isAsked() || (given != null && (given.equals(function) || given.equals(master)));
            case ADMIN -> !isAsked() || (given != null && given.equals(master));
        };
    }

    private boolean isAsked() {
        return function != null || master != null;
    }
}
