package dev.sluice.proxy.app.process;

import dev.sluice.proxy.log.Logs;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * POSIX signals, by the JDK's own but unsupported interface: reflection, because naming it is a warning that nothing
 * suppresses. Where it is missing the process still ends on SIGTERM, only without a drain.
 */
public final class Signals {
    private Signals() {}

    /** Calls {@code action} on a thread of its own whenever the signal arrives; false where that cannot be had. */
    static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> dispatch(action, proxy, method, arguments);
            Object instance = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
            Method handle = signal.getMethod("handle", signal, handler);
            Object previous =
                    handle.invoke(null, signal.getConstructor(String.class).newInstance(name), instance);
            return previous != null;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            Logs.of(Signals.class).log(System.Logger.Level.WARNING, "no handler for SIG" + name + ": " + e);
            return false;
        }
    }

    /** Sends this process a signal that {@link #on} has taken. */
    public static void raise(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            signal.getMethod("raise", signal)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot raise SIG" + name, e);
        }
    }

    private static @Nullable Object dispatch(Runnable action, Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "signal handler";
        };
    }
}
