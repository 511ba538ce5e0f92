package dev.alertuser.localkit.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * What Ctrl-C does in this JVM, in place of its orderly end, which would not notice a second one.
 *
 * <p>By reflection: the one way to a signal is {@code sun.misc.Signal}, the compiler warns of each use, and warnings are errors here.
 */
public final class CtrlC {
    private CtrlC() {}

    /** Runs {@code action} each time, in a thread of its own. Where the JVM may not handle signals, all stays as it was. */
    public static void on(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handle = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), handle);
        } catch (InvocationTargetException e) {
            // Started with -Xrs, or on a system without this signal.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
        }
    }

    /** For a child: Ctrl-C in a terminal reaches it, too, but it is its parent that ends it. */
    static void ignore() {
        on(() -> {});
    }
}
