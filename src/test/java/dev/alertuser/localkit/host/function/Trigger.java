package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import java.util.Set;

/** What makes a function run. */
public sealed interface Trigger {

    /**
     * A request.
     *
     * @param methods none for all of them
     * @param level which key a caller needs
     */
    record Http(Route route, Set<HttpMethod> methods, AuthorizationLevel level) implements Trigger {
        public boolean allows(String method) {
            return methods.isEmpty()
                    || methods.stream().anyMatch(allowed -> allowed.name().equals(method));
        }
    }

    /**
     * A message.
     *
     * @param connection the name of the setting, or of its kin, that tells where the queue is
     */
    record Queue(String queueName, String connection) implements Trigger {}

    /** The clock, which this host leaves alone: a timer function runs when it is asked to. */
    record Timer() implements Trigger {}

    /** The start of a host that the platform adds to others. */
    record Warmup() implements Trigger {}
}
