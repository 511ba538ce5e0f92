package dev.alertuser;

import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Begins to load the app while the Functions worker still loads its functions: the worker makes this before the first call, as the maker of
 * function instances, and calls no warm-up when an app wakes from zero.
 *
 * <p>On Flex Consumption each queue and timer function has instances of its own. Those that look nothing up begin nothing.
 */
public final class EarlyStart implements FunctionInstanceInjector {
    /** Groups of functions that look alerts up. */
    private static final Set<String> GROUPS = Set.of("http", "function:alertuserrequests");

    /** For the worker. */
    public EarlyStart() {
        if (looksAlertsUp(System.getenv("FUNCTIONS_TARGET_GROUP"))) {
            Thread thread = new Thread(EarlyStart::begin, "early start");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** @param group the functions that this instance runs, as the platform names them; null where it runs all */
    static boolean looksAlertsUp(@Nullable String group) {
        return group == null || group.isEmpty() || GROUPS.contains(group.toLowerCase(Locale.ROOT));
    }

    private static void begin() {
        try {
            Application.begin();
        } catch (RuntimeException | LinkageError e) {
            // The calls meet it, too, and answer. Wrong settings are logged.
        }
    }

    @Override
    public <T> T getInstance(Class<T> functionClass) throws ReflectiveOperationException {
        return functionClass.getConstructor().newInstance();
    }
}
