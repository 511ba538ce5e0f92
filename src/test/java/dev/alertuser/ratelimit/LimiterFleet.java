package dev.alertuser.ratelimit;

import dev.alertuser.endtoend.AppTables;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.JavaProgram;
import dev.alertuser.ratelimit.Journal.Event;
import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.store.CounterStore.Row;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.ratelimit.store.TableCounterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Processes that share one counter and use all the permits they can get. Ends them all when closed. */
final class LimiterFleet implements AutoCloseable {
    static final String TABLE = "AlertUserBudget";

    private static final int POLL_MILLIS = 50;

    private final String connectionString;
    private final String key = UUID.randomUUID().toString();
    private final int threads;
    private final Path directory;
    private final CalledServer server = new CalledServer();
    private final List<Process> members = new ArrayList<>();
    private final List<Path> journals = new ArrayList<>();
    private int kills;

    /** @param connectionString by which they reach the table; it may lead through a {@link StorageProxy} */
    LimiterFleet(String connectionString, int processes, int threads) throws IOException {
        this.connectionString = connectionString;
        this.threads = threads;
        this.directory = Files.createTempDirectory("limiter-fleet");
        for (int i = 0; i < processes; i++) {
            members.add(start());
        }
    }

    private Process start() throws IOException {
        Path journal = directory.resolve(journals.size() + ".txt");
        journals.add(journal);
        return JavaProgram.of(
                        LimiterProcess.class,
                        connectionString,
                        key,
                        Integer.toString(threads),
                        server.url().toString(),
                        journal.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** For that time from the first call on. */
    void run(Duration time) throws InterruptedException {
        while (server.calls().isEmpty()) {
            if (members.stream().noneMatch(Process::isAlive)) {
                throw new IllegalStateException("no process lives");
            }
            Thread.sleep(POLL_MILLIS);
        }
        Thread.sleep(time.toMillis());
    }

    /**
     * Kills one after the other with SIGKILL and starts another in its place. When and which one is drawn beforehand and depends on nothing
     * else, so a process may be killed while it starts or inserts the row.
     *
     * @param pause on average between two kills
     */
    void kill(int count, Duration pause, Random random) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            Thread.sleep(random.nextLong(2 * pause.toMillis()));
            int victim = random.nextInt(members.size());
            members.get(victim).destroyForcibly().waitFor();
            kills++;
            members.set(victim, start());
        }
    }

    /** Lets all that are left end in order. */
    FleetReport stop(String direct) throws IOException, InterruptedException {
        long end = System.currentTimeMillis();
        for (Process member : members) {
            member.outputWriter().close();
        }
        for (Process member : members) {
            if (!member.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a process does not end");
            }
            if (member.exitValue() != 0) {
                throw new IllegalStateException("a process ended with exit code " + member.exitValue());
            }
        }
        return new FleetReport(
                server.calls(),
                slots(direct),
                kills,
                count(Event.UNUSED),
                count(Event.FAILED),
                count(Event.BEGIN) - count(Event.END),
                count(Event.AMBIGUOUS),
                end);
    }

    private long count(Event event) throws IOException {
        return Journal.count(journals, event);
    }

    private List<Long> slots(String direct) {
        Row row = new TableCounterStore(AppTables.table(direct, TABLE), new StorageClock(System::nanoTime), key).read();
        List<Long> slots = new ArrayList<>();
        if (row != null) {
            PermitLog log = row.counter().log();
            for (int i = 0; i < log.size(); i++) {
                slots.add(log.slot(i));
            }
        }
        return slots;
    }

    @Override
    public void close() throws IOException {
        members.forEach(Process::destroyForcibly);
        server.close();
        for (Path journal : journals) {
            Files.deleteIfExists(journal);
        }
        Files.delete(directory);
    }
}
