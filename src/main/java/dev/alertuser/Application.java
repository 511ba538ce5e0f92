package dev.alertuser;

import dev.alertuser.defender.DefenderClient;
import dev.alertuser.defender.TokenSource;
import dev.alertuser.queues.StorageMessageQueue;
import dev.alertuser.queues.StorageQueueGauge;
import dev.alertuser.ratelimit.DurableRateLimiter;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AlertUsersService;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.AnswerCache;
import dev.alertuser.service.AnswerCacheBreaker;
import dev.alertuser.service.DefenderApi;
import dev.alertuser.service.MessageQueues;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.PendingLookupStore;
import dev.alertuser.service.QueueGauge;
import dev.alertuser.service.RateLimiter;
import dev.alertuser.service.Readiness;
import dev.alertuser.service.Retention;
import dev.alertuser.tables.TableAnswerCache;
import dev.alertuser.tables.TablePendingLookupStore;
import dev.alertuser.tables.TableRetention;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one object graph of a worker process.
 *
 * @param users the same for many alerts at once
 * @param lookups of callers who come back
 * @param retention of kept answers and lookups
 * @param parallel does what one call needs done to many things
 * @param messages the queues that are sent to
 * @param queues how full any of them is
 * @param anonymous what callers without a key may do at once
 */
public record Application(
        Settings settings,
        InstantSource time,
        DefenderApi defender,
        RateLimiter limiter,
        AlertUserService service,
        AlertUsersService users,
        PendingLookupStore lookups,
        Retention retention,
        Parallel parallel,
        MessageQueues messages,
        QueueGauge queues,
        AnonymousTraffic anonymous,
        Readiness readiness) {

    private static final System.Logger LOG = System.getLogger(Application.class.getName());

    public static final String REQUESTS_QUEUE = "alert-user-requests";
    public static final String POISON_QUEUE = "alert-user-requests-poison";
    public static final String RESULTS_QUEUE = "alert-user-results";
    public static final String BUDGET_TABLE = "AlertUserBudget";
    public static final String LOOKUPS_TABLE = "AlertUserLookups";

    /** From the permit to the end of the answer, and for the queue's own wait where HTTP callers have less. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

    private static final Lazy<StorageClients> STORAGE =
            new Lazy<>(() -> new StorageClients(Settings.storage(System.getenv())));
    private static final Lazy<MessageQueues> MESSAGES = new Lazy<>(() -> messageQueues(STORAGE.get()));
    private static final Lazy<Application> PROCESS = new Lazy<>(Application::createFromEnvironment);

    /** The graph of this process. Asking for it the first time reads the settings, and loads the Azure SDK. */
    public static Lazy<Application> process() {
        return PROCESS;
    }

    /** The queues of this process, which work as long as the storage account is known. */
    public static Lazy<MessageQueues> processMessages() {
        return MESSAGES;
    }

    private static MessageQueues messageQueues(StorageClients storage) {
        return new MessageQueues(
                new StorageMessageQueue(storage.queue(REQUESTS_QUEUE)),
                new StorageMessageQueue(storage.queue(RESULTS_QUEUE)));
    }

    /** Wrong settings are told once here, those of storage too: who asks for the app hears of them each time, and need not repeat it. */
    private static Application createFromEnvironment() {
        try {
            return create(Settings.from(System.getenv()), STORAGE.get(), MESSAGES.get());
        } catch (SettingsException e) {
            LOG.log(System.Logger.Level.ERROR, "the settings are wrong: " + e.getMessage());
            throw e;
        }
    }

    private static Application create(Settings settings, StorageClients storage, MessageQueues messages) {
        InstantSource time = InstantSource.system();
        DefenderApi defender = DefenderClient.create(
                settings.defenderUrl(),
                new TokenSource(
                        Credentials.forDefender(settings),
                        settings.defenderScope(),
                        settings.maxWait().plus(LONGEST_CALL),
                        time,
                        System::nanoTime),
                time);
        RateLimiter limiter =
                DurableRateLimiter.create(storage.counter(BUDGET_TABLE), settings.policyKey(), settings.policy());
        // Unbounded, but for what uses it: the host's HTTP concurrency times the width of Parallel.
        ExecutorService threads = Executors.newCachedThreadPool(Application::daemon);
        AnswerCache kept = new AnswerCacheBreaker(
                new TableAnswerCache(storage.table(LOOKUPS_TABLE), settings.lookupsKey(), time),
                threads,
                System::nanoTime);
        AlertUserService service =
                new AlertUserService(defender, limiter, kept, settings.answerTtl(), System::nanoTime);
        Parallel parallel = new Parallel(threads);
        return new Application(
                settings,
                time,
                defender,
                limiter,
                service,
                new AlertUsersService(service, parallel, System::nanoTime),
                new TablePendingLookupStore(storage.table(LOOKUPS_TABLE), settings.lookupsKey()),
                new TableRetention(storage.table(LOOKUPS_TABLE)),
                parallel,
                messages,
                new StorageQueueGauge(storage::gauge),
                new AnonymousTraffic(System::nanoTime),
                new Readiness(defender, limiter, time, System::nanoTime));
    }

    /** A thread that does not keep the process from ending. */
    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "alert-users");
        thread.setDaemon(true);
        return thread;
    }
}
