package dev.alertuser.bench;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableServiceException;
import dev.alertuser.bench.Load.Use;
import dev.alertuser.endtoend.AppTables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * One instance of the app as a limiter sees it. Runs one phase for each line of its standard input, and ends with it.
 *
 * <p>In: {@code contender load key instances startMillis}. Out: {@code use <millis> <waited millis>} for each permit,
 * {@code refused <waited millis>} for each caller that had none at the end, then {@code done <operations at the start> <table operations>
 * <conflicts>}; {@code ready} before the first phase.
 */
final class BenchInstance {
    private BenchInstance() {}

    /** Arguments: connection string, number of this instance. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        String connectionString = arguments[0];
        int instance = Integer.parseInt(arguments[1]);
        makeTable(connectionString);
        System.out.println("ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                run(connectionString, instance, line.split(" ", -1));
            }
        }
        System.exit(0);
    }

    private static TableClientBuilder table(String connectionString) {
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

    private static void run(String connectionString, int instance, String[] phase) throws InterruptedException {
        TableTraffic traffic = new TableTraffic();
        Contender.Limiter limiter =
                Contender.valueOf(phase[0]).limiter(table(connectionString).addPolicy(traffic), phase[2]);
        long operationsBefore = traffic.operations();
        long conflictsBefore = traffic.conflicts();
        Load.Outcome outcome =
                Load.valueOf(phase[1]).run(limiter, instance, Integer.parseInt(phase[3]), Long.parseLong(phase[4]));
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
        out.append("done ")
                .append(operationsBefore)
                .append(' ')
                .append(traffic.operations() - operationsBefore)
                .append(' ')
                .append(traffic.conflicts() - conflictsBefore);
        System.out.println(out);
    }
}
