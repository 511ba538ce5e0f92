package dev.alertuser.localkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.process.Azurite;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends one request to the queue of a local kit that runs elsewhere, and prints its result: {@code mvn -q -Plocal
 * -Dexec.mainClass=dev.alertuser.localkit.SendRequest -Dexec.args=ALERT_ID}.
 */
public final class SendRequest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private SendRequest() {}

    /** Sends one request for the alert whose id is the first argument, or else for that of the documentation. */
    public static void main(String... arguments) throws InterruptedException {
        Logger.getLogger("").setLevel(Level.OFF);
        String alertId = arguments.length > 0 ? arguments[0] : FakeDefender.SEED_ALERT;
        System.exit(send(alertId, Azurite.Ports.DEFAULT, System.out) ? 0 : 1);
    }

    /** Sends a request to the queue of that storage and prints its result; false if there is none. */
    public static boolean send(String alertId, Azurite.Ports ports, PrintStream out) throws InterruptedException {
        if (!LocalPort.isTaken(ports.queue())) {
            out.println(
                    "No storage answers on port " + ports.queue() + "; 'mvn -Plocal' in another terminal starts it.");
            return false;
        }
        AppQueues queues = new AppQueues(Azurite.connectionString(ports));
        String correlationId = UUID.randomUUID().toString();
        out.println("to " + AppQueues.REQUESTS + ": " + queues.send(alertId, correlationId));
        Optional<JsonNode> result = queues.awaitResult(correlationId, PATIENCE);
        out.println(result.map(found -> "from " + AppQueues.RESULTS + ": " + found)
                .orElse("No result within " + PATIENCE.toSeconds() + " s; it comes to " + AppQueues.RESULTS
                        + " when permits and Defender allow it."));
        return result.isPresent();
    }
}
