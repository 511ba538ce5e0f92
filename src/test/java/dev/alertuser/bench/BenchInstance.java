package dev.alertuser.bench;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableServiceException;
import dev.alertuser.bench.Load.Use;
import dev.alertuser.endtoend.AppTables;
import dev.alertuser.service.budget.QuestionKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One instance of the app as a limiter sees it. Runs one phase for each line of its standard input, and ends with it.
 *
 * <p>In: {@code contender load key instances startMillis}. Out: {@code use <millis> <waited millis>} for each permit,
 * {@code refused <waited millis>} for each caller that had none at the end, then {@code done <operations at the start> <table operations>
 * <conflicts>}; {@code ready} before the first phase.
 *
 * <p>In the phase {@link #HERD} it answers to {@code ask <question>}, until {@code end}, by {@code answer <question> <millis>}: 0 for a permit,
 * or the time after which to ask again; and then also by {@code done}.
 */
final class BenchInstance {
    static final String HERD = "HERD";

    private BenchInstance() {}

    /** Arguments: connection string, number of this instance. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        String connectionString = arguments[0];
        int instance = Integer.parseInt(arguments[1]);
        makeTable(connectionString);
        System.out.println("ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                run(connectionString, instance, line.split(" ", -1), in);
            }
        }
        System.exit(0);
    }

    static TableClientBuilder table(String connectionString) {
        return AppTables.table(connectionString, "Bench");
    }

    private static void makeTable(String connectionString) {
        try {
            table(connectionString).buildClient().createTable();
        } catch (TableServiceException e) {
            if (e.getResponse().getStatusCode() != 409) {
                throw e;
            }
        }
    }

    private static void run(String connectionString, int instance, String[] phase, BufferedReader in)
            throws IOException, InterruptedException {
        TableTraffic traffic = new TableTraffic();
        Contender.Limiter limiter =
                Contender.valueOf(phase[0]).limiter(table(connectionString).addPolicy(traffic), phase[2]);
        long operationsBefore = traffic.operations();
        long conflictsBefore = traffic.conflicts();
        if (phase[1].equals(HERD)) {
            serve(limiter, in);
        } else {
            print(Load.valueOf(phase[1]).run(limiter, instance, Integer.parseInt(phase[3]), Long.parseLong(phase[4])));
        }
        System.out.println("done " + operationsBefore + " " + (traffic.operations() - operationsBefore) + " "
                + (traffic.conflicts() - conflictsBefore));
    }

    private static void print(Load.Outcome outcome) {
        StringBuilder out = new StringBuilder();
        for (Use use : outcome.uses()) {
            out.append("use ")
                    .append(use.atMillis())
                    .append(' ')
                    .append(use.waitMillis())
                    .append('\n');
        }
        for (long waitMillis : outcome.refusedMillis()) {
            out.append("refused ").append(waitMillis).append('\n');
        }
        System.out.print(out);
    }

    private static void serve(Contender.Limiter limiter, BufferedReader in) throws IOException, InterruptedException {
        ExecutorService callers = Executors.newCachedThreadPool();
        for (String line = in.readLine(); line.startsWith("ask "); line = in.readLine()) {
            long question = Long.parseLong(line.substring("ask ".length()));
            callers.execute(() -> answer(limiter, question));
        }
        callers.shutdown();
        callers.awaitTermination(1, TimeUnit.MINUTES);
    }

    private static void answer(Contender.Limiter limiter, long question) {
        try {
            Duration wait = limiter.acquire(new QuestionKey(question), Herd.WAIT);
            System.out.println("answer " + question + " " + wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
