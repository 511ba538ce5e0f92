package dev.alertuser.endtoend;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.config.Settings.Storage.ByConnectionString;
import dev.alertuser.config.StorageClients;

/** The app's own clients of the counter's table, with its connections and time-outs, for tests in other packages. */
public final class AppTables {
    private AppTables() {}

    /** A client of the table, with connections of its own. */
    public static TableClientBuilder table(String connectionString, String name) {
        return new StorageClients(new ByConnectionString(connectionString)).counter(name);
    }
}
