package dev.alertuser;

import com.azure.core.credential.TokenCredential;
import dev.alertuser.config.ClientState;
import dev.alertuser.config.Credentials;
import dev.alertuser.config.Delegation;
import dev.alertuser.config.Settings;
import dev.alertuser.config.SettingsException;
import dev.alertuser.config.StorageClients;
import dev.alertuser.config.Waits;
import dev.alertuser.defender.DefenderClient;
import dev.alertuser.defender.TokenSource;
import dev.alertuser.delegated.SignIns;
import dev.alertuser.queues.StorageMessageQueue;
import dev.alertuser.queues.StorageQueueGauge;
import dev.alertuser.ratelimit.DurableRateLimiter;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AlertUsersService;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.AnswerCacheBreaker;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.CacheStats;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.Readiness;
import dev.alertuser.service.WriteBehindCache;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.MessageQueue;
import dev.alertuser.service.port.MessageQueues;
import dev.alertuser.service.port.PendingLookupStore;
import dev.alertuser.service.port.QueueGauge;
import dev.alertuser.service.port.Retention;
import dev.alertuser.tables.TableAnswerCache;
import dev.alertuser.tables.TablePendingLookupStore;
import dev.alertuser.tables.TableRetention;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The object graph of a worker process, built by the first call that needs it. Hands each feature only the parts that the feature uses.
 *
 * <p>The no-arg constructors of the functions refer to the static methods. A method that builds the app or its queues throws
 * {@link SettingsException} while the settings are wrong.
 */
public final class Application {
    private static final Logger LOG = System.getLogger(Application.class.getName());

    /** Maximum time from a permit to the end of the answer. It also covers the queue's own wait where {@code MAX_WAIT} is shorter. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

    private static final Lazy<StorageClients> STORAGE =
            new Lazy<>(() -> new StorageClients(Settings.storage(System.getenv())));
    private static final Lazy<MessageQueues> MESSAGES = new Lazy<>(() -> messageQueues(STORAGE.get()));
    private static final Lazy<Application> PROCESS = new Lazy<>(Application::createFromEnvironment);

    private final Settings settings;
    private final InstantSource time = InstantSource.system();
    private final DefenderApi defender;
    private final RateLimiter limiter;
    private final Parallel parallel;
    private final AlertUserService service;
    private final AlertUsersService batches;
    private final PendingLookupStore pending;
    private final Retention retention;
    private final QueueGauge gauge;
    private final AnonymousTraffic anonymous = new AnonymousTraffic(System::nanoTime);
    private final Readiness readiness;
    private final HeadStart headStart;
    private final @Nullable DelegatedParts delegated;

    /**
     * Parts for the edge of every function.
     *
     * @param limiter of the app's calls
     * @param users of the calls with the rights of users; null if they count with the app's, or there are none
     */
    public record EdgeParts(RateLimiter limiter, @Nullable RateLimiter users, AnonymousTraffic anonymous) {}

    /**
     * Parts for lookups over HTTP.
     *
     * @param publicUrl base URL of this app for callers, without a trailing slash; null if no setting names it
     * @param pollPath where callers poll, before the id of a lookup
     */
    public record LookupParts(
            AlertUserService single,
            AlertUsersService batches,
            PendingLookupStore pending,
            AnonymousTraffic anonymous,
            Waits waits,
            AnswerTtl ttl,
            @Nullable URI publicUrl,
            String pollPath,
            InstantSource time) {}

    /**
     * Parts for lookups with the rights of the user who asks.
     *
     * @param limiter of their calls
     * @param signIns what belongs to each sign-in
     */
    public record DelegatedParts(
            Delegation delegation, RateLimiter limiter, SignIns<LookupParts> signIns, InstantSource time) {}

    /**
     * Parts for queued requests.
     *
     * @param maxAge age at which a request expires
     */
    public record QueueParts(AlertUserService service, MessageQueues messages, Duration maxAge, InstantSource time) {}

    /**
     * Parts for the webhook.
     *
     * @param clientState secret that change notifications of Microsoft Graph must carry; null to accept any
     * @param callsPerMinute rate of deliveries that the budget can serve, for senders that ask for it
     */
    public record WebhookParts(
            MessageQueue requests,
            Parallel parallel,
            @Nullable ClientState clientState,
            long callsPerMinute) {}

    /**
     * Parts for the view of the budget.
     *
     * @param limiter of the app's calls
     * @param users of the calls with the rights of users; null if there are none
     * @param requestMaxAge age at which a queued request expires
     */
    public record BudgetParts(
            RateLimiter limiter,
            @Nullable RateLimiter users,
            QueueGauge queues,
            Supplier<CacheStats> cache,
            Duration requestMaxAge,
            InstantSource time) {}

    /** Parts for the health checks. */
    public record HealthParts(Readiness readiness, Retention retention, InstantSource time) {}

    /** Parts for the warm-up. */
    public record WarmupParts(RateLimiter limiter, DefenderApi defender) {}

    /** Parts for the purge. */
    public record PurgeParts(Retention retention, AnswerTtl ttl, InstantSource time) {}

    /** Empty until the app is built; this call does not build it. */
    public static Optional<EdgeParts> edge() {
        return PROCESS.ifMade().map(app -> new EdgeParts(app.limiter, app.limiterOfUsers(), app.anonymous));
    }

    public static LookupParts lookup() {
        Application app = begun();
        return new LookupParts(
                app.service,
                app.batches,
                app.pending,
                app.anonymous,
                app.settings.waits(),
                app.settings.answerTtl(),
                app.settings.publicUrl(),
                "/api/lookups/",
                app.time);
    }

    /** Empty if users cannot ask with their own rights. */
    public static Optional<DelegatedParts> delegated() {
        return Optional.ofNullable(PROCESS.get().delegated);
    }

    public static QueueParts queue() {
        Application app = begun();
        return new QueueParts(app.service, MESSAGES.get(), app.settings.requestMaxAge(), app.time);
    }

    /** The queues alone. They need only the storage account, so they work while other settings are wrong. */
    public static MessageQueues messages() {
        return MESSAGES.get();
    }

    public static WebhookParts webhook() {
        Application app = PROCESS.get();
        return new WebhookParts(
                MESSAGES.get().requests(),
                app.parallel,
                app.settings.graphClientState(),
                app.settings.callsPerMinute());
    }

    public static BudgetParts budget() {
        Application app = PROCESS.get();
        return new BudgetParts(
                app.limiter,
                app.delegated == null ? null : app.delegated.limiter(),
                app.gauge,
                app.service::cacheStats,
                app.settings.requestMaxAge(),
                app.time);
    }

    public static HealthParts health() {
        Application app = PROCESS.get();
        return new HealthParts(app.readiness, app.retention, app.time);
    }

    public static WarmupParts warmup() {
        Application app = PROCESS.get();
        return new WarmupParts(app.limiter, app.defender);
    }

    public static PurgeParts purge() {
        Application app = PROCESS.get();
        return new PurgeParts(app.retention, app.settings.answerTtl(), app.time);
    }

    private @Nullable RateLimiter limiterOfUsers() {
        return delegated == null || delegated.limiter() == limiter ? null : delegated.limiter();
    }

    /** Begins what the next lookup needs, in the background, so that its first steps need not come one after the other. */
    public static void begin() {
        begun();
    }

    private static Application begun() {
        Application app = PROCESS.get();
        app.headStart.begin();
        return app;
    }

    private static MessageQueues messageQueues(StorageClients storage) {
        return new MessageQueues(
                new StorageMessageQueue(storage.queue(Names.REQUESTS_QUEUE)),
                new StorageMessageQueue(storage.queue(Names.RESULTS_QUEUE)));
    }

    /** Logs wrong settings, those of storage included, once per process; later calls get the same exception without a log line. */
    private static Application createFromEnvironment() {
        try {
            return new Application(Settings.from(System.getenv()), STORAGE.get());
        } catch (SettingsException e) {
            LOG.log(Level.ERROR, "the settings are wrong: " + e.getMessage());
            throw e;
        }
    }

    private Application(Settings settings, StorageClients storage) {
        this.settings = settings;
        DefenderClient client = DefenderClient.create(
                settings.defenderUrl(), tokens(Credentials.forDefender(settings), settings.defenderScope()), time);
        this.defender = client;
        this.limiter =
                DurableRateLimiter.create(storage.counter(Names.BUDGET_TABLE), settings.policyKey(), settings.policy());
        // This pool needs no bound of its own: the host's HTTP concurrency times the width of Parallel bounds it.
        ExecutorService threads = Executors.newCachedThreadPool(Application::daemon);
        WriteBehindCache cache = new WriteBehindCache(
                new AnswerCacheBreaker(
                        new TableAnswerCache(storage.table(Names.LOOKUPS_TABLE), settings.lookupsKey(), time),
                        threads,
                        System::nanoTime),
                threads);
        Runtime.getRuntime().addShutdownHook(new Thread(cache::drain, "alert-users-end"));
        this.parallel = new Parallel(threads);
        this.service = new AlertUserService(defender, limiter, cache, settings.answerTtl(), System::nanoTime);
        this.batches = new AlertUsersService(service, parallel, System::nanoTime);
        this.pending = new TablePendingLookupStore(storage.table(Names.LOOKUPS_TABLE), settings.lookupsKey());
        this.retention = new TableRetention(storage.table(Names.LOOKUPS_TABLE));
        this.gauge = new StorageQueueGauge(storage::gauge);
        this.readiness = new Readiness(defender, limiter, time, System::nanoTime);
        this.headStart = new HeadStart(limiter, defender, threads);
        Delegation delegation = settings.delegation();
        this.delegated = delegation == null
                ? null
                : new UserLookups(settings, storage, client, limiter, this::tokens, parallel, anonymous, threads, time)
                        .parts(delegation);
    }

    /** Tokens that live through the longest wait and the call after it. */
    private TokenSource tokens(TokenCredential credential, String scope) {
        return new TokenSource(
                credential, scope, settings.waits().longest().plus(LONGEST_CALL), time, System::nanoTime);
    }

    /** A thread that does not keep the process alive. */
    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "alert-users");
        thread.setDaemon(true);
        return thread;
    }
}
