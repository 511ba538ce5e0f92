package dev.alertuser.localkit.host.queuesamples;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** Functions for the tests of the host's queue side. */
public final class QueueSamples {
    /** What the functions saw. Static, as the host makes its instances itself and leaves a test no other way in. */
    public static final BlockingQueue<Seen> SEEN = new LinkedBlockingQueue<>();

    /** What a message {@code wait} waits for. */
    public static final Semaphore WAIT = new Semaphore(0);

    private QueueSamples() {}

    /** One call. */
    public record Seen(String function, String text, String id, String dequeueCount, String insertionTime) {}

    /** Fails when its message says so. */
    public static final class Work {
        @FunctionName("Work")
        public void run(
                @QueueTrigger(name = "message", queueName = "%QUEUE%", connection = "AzureWebJobsStorage")
                        String message,
                @BindingName("Id") String id,
                @BindingName("DequeueCount") String dequeueCount,
                @BindingName("InsertionTime") String insertionTime,
                ExecutionContext context)
                throws InterruptedException {
            SEEN.add(new Seen(context.getFunctionName(), message, id, dequeueCount, insertionTime));
            if (message.equals("fail")) {
                throw new IllegalStateException("as the message says");
            }
            if (message.equals("wait") || (message.equals("hang") && dequeueCount.equals("1"))) {
                WAIT.acquire();
            }
        }
    }

    /** Reads what {@link Work} failed at. */
    public static final class Poison {
        @FunctionName("Poison")
        public void run(
                @QueueTrigger(name = "message", queueName = "%QUEUE%-poison", connection = "AzureWebJobsStorage")
                        String message,
                @BindingName("DequeueCount") String dequeueCount,
                ExecutionContext context) {
            SEEN.add(new Seen(context.getFunctionName(), message, "", dequeueCount, ""));
        }
    }

    /** Runs when asked to. */
    public static final class Tick {
        @FunctionName("Tick")
        public void run(
                @TimerTrigger(name = "timer", schedule = "0 0 3 * * *") String timer, ExecutionContext context) {
            SEEN.add(new Seen(context.getFunctionName(), timer, "", "", ""));
        }
    }
}
