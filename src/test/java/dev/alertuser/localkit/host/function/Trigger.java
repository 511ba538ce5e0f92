package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.HttpMethod;
import java.util.Set;

/** What makes a function run. */
public sealed interface Trigger {

    /**
     * A request.
     *
     * @param methods none for all of them
     */
    record Http(Route route, Set<HttpMethod> methods) implements Trigger {
        public boolean allows(String method) {
            return methods.isEmpty()
                    || methods.stream().anyMatch(allowed -> allowed.name().equals(method));
        }
    }

    /** A message. */
    record Queue(String queueName, String connectionString) implements Trigger {}

    /** The clock, which this host leaves alone: a timer function runs when it is asked to. */
    record Timer() implements Trigger {}

    /** The start of the host. */
    record Warmup() implements Trigger {}
}
