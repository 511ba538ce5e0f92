package dev.alertuser.ratelimit;

import com.azure.core.exception.HttpResponseException;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.Names;
import dev.alertuser.endtoend.AppTables;
import dev.alertuser.ratelimit.counter.CounterInWords;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.store.TableCounterStore;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Prints the rows of the counter in plain words, and changes nothing: {@code mvn -Plocal
 * -Dexec.mainClass=dev.alertuser.ratelimit.PrintCounter} while the local kit runs; or with {@code AzureWebJobsStorage} in the environment,
 * which says where the app's tables are. Waits are counted by this machine's clock.
 */
public final class PrintCounter {
    private PrintCounter() {}

    /** Needs no arguments; the exit code is 1 if there is no counter to print. */
    public static void main(String... arguments) {
        Logger.getLogger("").setLevel(Level.OFF);
        TableClient table =
                AppTables.table(storage(System.getenv()), Names.BUDGET_TABLE).buildClient();
        System.exit(print(table) ? 0 : 1);
    }

    private static boolean print(TableClient table) {
        List<TableEntity> rows;
        try {
            rows = table.listEntities().stream().toList();
        } catch (HttpResponseException e) {
            if (e.getResponse().getStatusCode() != 404) {
                throw e;
            }
            rows = List.of();
        } catch (UncheckedIOException e) {
            System.out.println("No storage answers at "
                    + URI.create(table.getTableEndpoint()).getAuthority()
                    + "; 'mvn -Plocal' in another terminal starts it.");
            return false;
        }
        if (rows.isEmpty()) {
            System.out.println("There is no counter yet; the first call of the app makes it.");
        }
        rows.forEach(PrintCounter::print);
        return !rows.isEmpty();
    }

    private static String storage(Map<String, String> environment) {
        return environment.getOrDefault("AzureWebJobsStorage", "UseDevelopmentStorage=true");
    }

    private static void print(TableEntity row) {
        System.out.println("\nThe budget '" + row.getPartitionKey() + "'");
        long now = System.currentTimeMillis();
        if (row.getProperty(TableCounterStore.COUNTER) instanceof byte[] bytes) {
            CounterInWords.of(bytes, new TimeBounds(now, now)).forEach(line -> System.out.println("  " + line));
        } else {
            System.out.println("  has no property " + TableCounterStore.COUNTER);
        }
    }
}
