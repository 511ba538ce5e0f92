package dev.alertuser.ratelimit;

import dev.alertuser.endtoend.AppTables;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.JavaProgram;
import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.counter.Quota;
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

    private final String connectionString;
    private final String key = UUID.randomUUID().toString();
    private final int threads;
    private final Path directory;
    private final List<Member> members = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private int kills;

    private record Member(Process process, Path file) {}

    /**
     * What all of them did.
     *
     * @param used the times of the permits that were used, in order
     * @param slots the slots that were charged, in order
     * @param unused permits that were charged and not used; of processes that were not killed
     * @param failed acquires that failed; each may have charged a slot that no caller got
     * @param ambiguous writes without an answer; of processes that were not killed
     */
    record Report(List<Long> used, List<Long> slots, int kills, long unused, long failed, long ambiguous) {
        /** The most calls in any window of the quota. */
        int mostCalls(Quota quota) {
            return mostWithin(used, quota.window().toMillis());
        }

        /** The most slots in any window of the quota and its margin. */
        int mostSlots(Quota quota) {
            return mostWithin(slots, LimiterProcess.POLICY.span(quota));
        }

        private static int mostWithin(List<Long> moments, long window) {
            int most = 0;
            int first = 0;
            for (int last = 0; last < moments.size(); last++) {
                while (moments.get(last) - moments.get(first) >= window) {
                    first++;
                }
                most = Math.max(most, last - first + 1);
            }
            return most;
        }
    }

    /** @param connectionString by which they reach the table; it may lead through a {@link StorageProxy} */
    LimiterFleet(String connectionString, int processes, int threads) throws IOException {
        this.connectionString = connectionString;
        this.threads = threads;
        this.directory = Files.createTempDirectory("limiter-fleet");
        for (int i = 0; i < processes; i++) {
            members.add(start());
        }
    }

    private Member start() throws IOException {
        Path file = directory.resolve(files.size() + ".txt");
        files.add(file);
        Process process = JavaProgram.of(
                        LimiterProcess.class, connectionString, key, Integer.toString(threads), file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Member(process, file);
    }

    void run(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    /**
     * Kills one after the other with SIGKILL, at random, amid its work, and starts another in its place.
     *
     * @param pause on average between two kills
     * @param longest after that time no more are killed
     */
    void kill(int count, Duration pause, Duration longest, Random random) throws IOException, InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (kills < count && System.nanoTime() < end) {
            Thread.sleep(random.nextLong(2 * pause.toMillis()));
            int victim = random.nextInt(members.size());
            if (isAtWork(members.get(victim))) {
                members.get(victim).process().destroyForcibly().waitFor();
                kills++;
                members.set(victim, start());
            }
        }
    }

    private static boolean isAtWork(Member member) throws IOException {
        return Files.exists(member.file()) && Files.size(member.file()) > 0;
    }

    /** Lets all that are left end in order. */
    Report stop(String direct) throws IOException, InterruptedException {
        long unused = 0;
        long failed = 0;
        long ambiguous = 0;
        for (Member member : members) {
            member.process().outputWriter().close();
        }
        for (Member member : members) {
            String[] counts = member.process().inputReader().readLine().split(" ", -1);
            unused += Long.parseLong(counts[0]);
            failed += Long.parseLong(counts[1]);
            ambiguous += Long.parseLong(counts[2]);
            if (!member.process().waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a process does not end");
            }
        }
        return new Report(used(), slots(direct), kills, unused, failed, ambiguous);
    }

    private List<Long> used() throws IOException {
        List<Long> used = new ArrayList<>();
        for (Path file : files) {
            if (Files.exists(file)) {
                Files.readAllLines(file).stream().map(Long::valueOf).forEach(used::add);
            }
        }
        return used.stream().sorted().toList();
    }

    private List<Long> slots(String direct) {
        PermitLog log = new TableCounterStore(AppTables.table(direct, TABLE), new StorageClock(System::nanoTime), key)
                .read()
                .counter()
                .log();
        List<Long> slots = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            slots.add(log.slot(i));
        }
        return slots;
    }

    @Override
    public void close() throws IOException {
        members.forEach(member -> member.process().destroyForcibly());
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.delete(directory);
    }
}
