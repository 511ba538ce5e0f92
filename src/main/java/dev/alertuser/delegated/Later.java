package dev.alertuser.delegated;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs tasks after a time, in one thread that does not keep the process alive. */
public final class Later {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "end of sign-ins");
        thread.setDaemon(true);
        return thread;
    });

    /** Runs the task once, after that time. */
    public void run(Duration time, Runnable task) {
        var unused = timer.schedule(task, Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS);
    }
}
