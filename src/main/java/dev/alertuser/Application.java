package dev.alertuser;

import dev.alertuser.defender.DefenderClient;
import dev.alertuser.defender.TokenSource;
import dev.alertuser.queues.StorageMessageQueue;
import dev.alertuser.queues.StorageQueueGauge;
import dev.alertuser.ratelimit.DurableRateLimiter;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AlertUsersService;
import dev.alertuser.service.DefenderApi;
import dev.alertuser.service.MessageQueue;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.PendingLookups;
import dev.alertuser.service.QueueGauge;
import dev.alertuser.service.RateLimiter;
import dev.alertuser.service.Readiness;
import dev.alertuser.service.Retention;
import dev.alertuser.tables.TableLookupStore;
import dev.alertuser.tables.TablePendingLookups;
import dev.alertuser.tables.TableRetention;
import java.time.InstantSource;
import java.util.concurrent.Executors;

/**
 * The one object graph of a worker process.
 *
 * @param users the same for many alerts at once
 * @param lookups of callers who come back
 * @param retention of kept answers and lookups
 * @param parallel does what one call needs done to many things
 * @param requests the queue that a request is put off to
 * @param results the queue that every request ends in
 * @param queues how full any of them is
 */
public record Application(
        Settings settings,
        InstantSource time,
        DefenderApi defender,
        RateLimiter limiter,
        AlertUserService service,
        AlertUsersService users,
        PendingLookups lookups,
        Retention retention,
        Parallel parallel,
        MessageQueue requests,
        MessageQueue results,
        QueueGauge queues,
        Readiness readiness) {

    public static final String REQUESTS_QUEUE = "alert-user-requests";
    public static final String POISON_QUEUE = "alert-user-requests-poison";
    public static final String RESULTS_QUEUE = "alert-user-results";
    public static final String BUDGET_TABLE = "AlertUserBudget";
    public static final String LOOKUPS_TABLE = "AlertUserLookups";

    private static final Lazy<Application> PROCESS = new Lazy<>(() -> create(Settings.from(System.getenv())));

    /** The graph of this process. Asking for it the first time reads the settings, and loads the Azure SDK. */
    public static Lazy<Application> process() {
        return PROCESS;
    }

    private static Application create(Settings settings) {
        InstantSource time = InstantSource.system();
        StorageClients storage = new StorageClients(settings.storage());
        DefenderApi defender = DefenderClient.create(
                settings.defenderUrl(),
                new TokenSource(Credentials.forDefender(settings), settings.defenderScope(), time),
                time);
        RateLimiter limiter =
                DurableRateLimiter.create(storage.counter(BUDGET_TABLE), settings.policyKey(), settings.policy());
        AlertUserService service = new AlertUserService(
                defender,
                limiter,
                new TableLookupStore(storage.table(LOOKUPS_TABLE), settings.lookupsKey(), time),
                settings.keeping(),
                time);
        Parallel parallel = new Parallel(Executors.newCachedThreadPool(Application::daemon));
        return new Application(
                settings,
                time,
                defender,
                limiter,
                service,
                new AlertUsersService(service, parallel, time),
                new TablePendingLookups(storage.table(LOOKUPS_TABLE), settings.lookupsKey()),
                new TableRetention(storage.table(LOOKUPS_TABLE)),
                parallel,
                new StorageMessageQueue(storage.queue(REQUESTS_QUEUE)),
                new StorageMessageQueue(storage.queue(RESULTS_QUEUE)),
                new StorageQueueGauge(storage::gauge),
                new Readiness(defender, limiter, time));
    }

    /** A thread that does not keep the process from ending. */
    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "alert-users");
        thread.setDaemon(true);
        return thread;
    }
}
