package dev.alertuser.bench;

import dev.alertuser.bench.Fleet.Member;
import dev.alertuser.ratelimit.LineReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Callers that meet a spent long window. Each asks a question of its own, comes back with the same one exactly when it was told, and to any
 * instance each time.
 */
final class Herd {
    static final int CALLERS = 90;

    /** Milliseconds within which they come: a minute of real time. */
    private static final int ARRIVALS = 2_000;

    /** How long a caller waits in an instance: the 20 s that an HTTP caller waits by default, compressed. */
    static final Duration WAIT = Duration.ofMillis(667);

    /** Milliseconds after which a caller gives up, and counts as served. */
    private static final long PATIENCE = 60_000;

    /**
     * Milliseconds by which another caller has to be served earlier to have overtaken: the time between two permits of the long window, and a
     * tenth of a second, since threads and pipes do not get faster when time is compressed.
     */
    static final long BY_MORE = Contender.LONGEST.window().toMillis() / Contender.LONGEST.permits() + 100;

    private final List<Member> members;

    /** By question. */
    private final Map<Long, CompletableFuture<Long>> asked = new ConcurrentHashMap<>();

    private Herd(List<Member> members) {
        this.members = members;
    }

    /** @param operationsPerAnswer of all instances together */
    record Result(LineReport line, double operationsPerAnswer) {}

    /** Runs one herd on instances that are about to serve it. */
    static Result run(List<Member> members, long startMillis) throws IOException {
        Herd herd = new Herd(members);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Long>> operations = members.stream()
                    .map(member -> threads.submit(() -> herd.hear(member)))
                    .toList();
            Thread.sleep(Math.max(0, startMillis - System.currentTimeMillis()));
            List<Future<LineReport.Caller>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(herd::call));
            }
            List<LineReport.Caller> served = results(callers);
            for (Member member : members) {
                member.say("end");
            }
            long sum = results(operations).stream().mapToLong(Long::longValue).sum();
            return new Result(LineReport.of(served, BY_MORE), sum / (double) CALLERS);
        } catch (Exception e) {
            throw new IllegalStateException("the herd did not come to its end", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> List<T> results(List<Future<T>> futures) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    private LineReport.Caller call() throws Exception {
        Thread.sleep(ThreadLocalRandom.current().nextInt(ARRIVALS));
        long question = ThreadLocalRandom.current().nextLong();
        long began = System.currentTimeMillis();
        long wait = ask(question);
        long told = System.currentTimeMillis();
        int visits = 1;
        while (wait > 0 && System.currentTimeMillis() < began + PATIENCE) {
            Thread.sleep(wait);
            wait = ask(question);
            visits++;
        }
        return new LineReport.Caller(began, told, System.currentTimeMillis(), visits);
    }

    /** Asks any instance; 0 for a permit, otherwise the milliseconds after which to ask again. */
    private long ask(long question) throws Exception {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        asked.put(question, answer);
        members.get(ThreadLocalRandom.current().nextInt(members.size())).say("ask " + question);
        return answer.get();
    }

    /** Hands out the answers of an instance until it is done; its table operations. */
    private long hear(Member member) throws IOException {
        while (true) {
            String[] words = member.hear();
            if (words[0].equals("done")) {
                return Long.parseLong(words[2]);
            }
            Fleet.expect("answer", words[0]);
            asked.remove(Long.valueOf(words[1])).complete(Long.valueOf(words[2]));
        }
    }
}
