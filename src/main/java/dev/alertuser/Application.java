package dev.alertuser;

import dev.alertuser.defender.DefenderClient;
import dev.alertuser.defender.TokenSource;
import dev.alertuser.lookups.TableLookupStore;
import dev.alertuser.queues.StorageMessageQueue;
import dev.alertuser.ratelimit.DurableRateLimiter;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.DefenderApi;
import dev.alertuser.service.MessageQueue;
import dev.alertuser.service.RateLimiter;
import java.time.InstantSource;

/**
 * The one object graph of a worker process.
 *
 * @param requests the queue that a request is put off to
 * @param results the queue that every request ends in
 */
public record Application(
        Settings settings,
        InstantSource time,
        DefenderApi defender,
        RateLimiter limiter,
        AlertUserService service,
        MessageQueue requests,
        MessageQueue results) {

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
                DurableRateLimiter.create(storage.table(BUDGET_TABLE), settings.policyKey(), settings.policy());
        TableLookupStore lookups =
                new TableLookupStore(storage.table(LOOKUPS_TABLE).buildClient(), time);
        return new Application(
                settings,
                time,
                defender,
                limiter,
                new AlertUserService(defender, limiter, lookups, settings.keeping(), time),
                new StorageMessageQueue(storage.queue(REQUESTS_QUEUE)),
                new StorageMessageQueue(storage.queue(RESULTS_QUEUE)));
    }
}
