package dev.alertuser.config;

import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.AnswerTtl;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All settings of the app, read once from the environment. The README lists their names and meanings.
 *
 * @param storage the account that holds the tables and queues
 * @param clientId client id of the user-assigned identity; null for the system-assigned one
 * @param developerCredentials true if {@code AZURE_TOKEN_CREDENTIALS} asks for a developer's sign-in
 * @param defenderUrl base URL of Defender's API
 * @param defenderScope scope of the token for Defender
 * @param policy the limits that all instances share
 * @param policyKey all apps with this key in this account share one budget
 * @param lookupsKey all apps with this key in this account share cached answers and lookups
 * @param answerTtl time to live of cached answers
 * @param waits how long HTTP callers wait for a permit
 * @param requestMaxAge age at which a queued request expires
 * @param publicUrl base URL of this app for callers, without a trailing slash; null if no setting names it
 * @param graphClientState secret that change notifications of Microsoft Graph must carry; null to accept any
 * @param delegation how users ask with their own rights; null if they cannot
 */
public record Settings(
        Storage storage,
        @Nullable String clientId,
        boolean developerCredentials,
        URI defenderUrl,
        String defenderScope,
        QuotaPolicy policy,
        String policyKey,
        String lookupsKey,
        AnswerTtl answerTtl,
        Waits waits,
        Duration requestMaxAge,
        @Nullable URI publicUrl,
        @Nullable ClientState graphClientState,
        @Nullable Delegation delegation) {

    private static final String DELEGATED_CLIENT_ID = "DELEGATED_CLIENT_ID";
    private static final String RESERVE = "RATE_LIMIT_INTERACTIVE_RESERVE";
    private static final Duration USUAL_WAIT = Duration.ofSeconds(20);
    private static final Duration ONE_DAY = Duration.ofDays(1);

    /**
     * Characters of a partition key, without those that a URL writes in a second form: servers do not all decode that form alike, and a
     * counter whose row is not found again counts nothing.
     *
     * @see <a href="https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model">Table service data model</a>
     */
    private static final Pattern POLICY_KEY = Pattern.compile("[^/\\\\#?%+'\\p{Cntrl}]{1,200}");

    private static final Pattern GUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name */
    private static final Pattern ACCOUNT_NAME = Pattern.compile("[a-z0-9]{3,24}");

    /** Of what azure-identity knows, what works without native code: that is not packaged. */
    private static final Pattern TOKEN_CREDENTIALS =
            Pattern.compile("(?i)prod|dev|(ManagedIdentity|AzureCli|AzureDeveloperCli)Credential");

    private static final String TOKEN_CREDENTIALS_EXPECTED =
            "prod or dev, or ManagedIdentityCredential, AzureCliCredential or AzureDeveloperCliCredential";

    /** Values of {@code AZURE_TOKEN_CREDENTIALS} that mean a managed identity. */
    private static final List<String> MANAGED_IDENTITY = List.of("prod", "managedidentitycredential");

    /** Access to the storage account, by connection string or by identity. */
    public sealed interface Storage {
        /** For an account with keys, as on a developer's machine. */
        record ByConnectionString(String connectionString) implements Storage {
            /** Withholds the key. */
            @Override
            public String toString() {
                return "ByConnectionString[withheld]";
            }
        }

        /**
         * For an account without keys, as in Azure.
         *
         * @param tables URL of the table service, without a trailing slash, since the SDK would double it
         * @param queues URL of the queue service, likewise
         * @param clientId client id of the user-assigned identity; null for the system-assigned one
         */
        record ByIdentity(URI tables, URI queues, @Nullable String clientId) implements Storage {
            public ByIdentity {
                tables = EnvironmentReader.withoutSlash(tables);
                queues = EnvironmentReader.withoutSlash(queues);
            }
        }
    }

    /**
     * Reads the settings of the storage account only, so that queues work while other settings are wrong.
     *
     * @throws SettingsException if it is missing or malformed
     */
    public static Storage storage(Map<String, String> environment) {
        return storage(new EnvironmentReader(environment));
    }

    /**
     * Reads the settings.
     *
     * @param environment names and values, as {@link System#getenv()} gives them
     * @throws SettingsException if one is missing or malformed
     */
    public static Settings from(Map<String, String> environment) {
        EnvironmentReader reader = new EnvironmentReader(environment);
        DefenderCloud cloud = cloud(reader);
        String clientId = clientId(reader, "AZURE_CLIENT_ID");
        String identity = clientId == null ? "system-assigned" : clientId;
        String credentials = reader.text("AZURE_TOKEN_CREDENTIALS", TOKEN_CREDENTIALS, TOKEN_CREDENTIALS_EXPECTED)
                .orElse("prod");
        URI defenderUrl = reader.url("DEFENDER_API_URL").orElse(cloud.apiUrl());
        String defenderScope = reader.text("DEFENDER_API_SCOPE").orElse(cloud.scope());
        return new Settings(
                storage(reader),
                clientId,
                !isManagedIdentity(credentials),
                defenderUrl,
                defenderScope,
                policy(reader),
                reader.text("RATE_LIMIT_KEY", POLICY_KEY, "1 to 200 characters without / \\ # ? % + '")
                        .orElse(cloud.label() + "|" + identity + "|alert-user"),
                String.join("|", cloud.label(), defenderUrl.toString(), defenderScope, identity),
                new AnswerTtl(
                        reader.duration("ANSWER_TTL", "PT15M", Duration.ZERO, ONE_DAY),
                        reader.duration("NOT_FOUND_TTL", "PT2M", Duration.ZERO, ONE_DAY)),
                waits(reader),
                reader.duration("REQUEST_MAX_AGE", "PT24H", Duration.ofSeconds(1), Duration.ofDays(7)),
                publicUrl(environment).orElse(null),
                reader.text("GRAPH_CLIENT_STATE").map(ClientState::new).orElse(null),
                delegation(reader, cloud, credentials));
    }

    private static @Nullable Delegation delegation(EnvironmentReader reader, DefenderCloud cloud, String credentials) {
        String app = clientId(reader, DELEGATED_CLIENT_ID);
        if (app == null) {
            return null;
        }
        String tenant = reader.text("DELEGATED_TENANT_ID", GUID, "the id of a tenant, which is a GUID,")
                .orElseThrow(() -> new SettingsException(
                        DELEGATED_CLIENT_ID + " needs DELEGATED_TENANT_ID, the tenant of that app registration"));
        String identity = clientId(reader, "AZURE_CLIENT_ID");
        if (identity == null || !isManagedIdentity(credentials)) {
            throw new SettingsException(DELEGATED_CLIENT_ID + " needs AZURE_CLIENT_ID, since an app registration can"
                    + " trust a user-assigned identity only, and no developer's sign-in");
        }
        return new Delegation(
                app,
                tenant,
                identity,
                reader.url("AZURE_AUTHORITY_HOST").orElse(null),
                cloud.isGovernment(),
                reader.text("DELEGATED_BUDGET", Pattern.compile("own|shared"), "own or shared")
                        .orElse("own")
                        .equals("shared"),
                reader.text("WEBSITE_AUTH_ENABLED").orElse("").equalsIgnoreCase("true"));
    }

    private static boolean isManagedIdentity(String credentials) {
        return MANAGED_IDENTITY.contains(credentials.toLowerCase(Locale.ROOT));
    }

    /** Calls per minute that the shortest window allows; at least 1. */
    public long callsPerMinute() {
        Quota quota = policy.quotas().get(0);
        return Math.max(
                1,
                quota.permits()
                        * Duration.ofMinutes(1).toMillis()
                        / quota.window().toMillis());
    }

    /**
     * Base URL of this app for callers, without a trailing slash: {@code PUBLIC_URL}, which a gateway or a custom domain needs, else the
     * host that the platform names; empty if neither is set.
     *
     * @throws SettingsException if the one in use is malformed
     */
    public static Optional<URI> publicUrl(Map<String, String> environment) {
        EnvironmentReader reader = new EnvironmentReader(environment);
        return reader.baseUrl("PUBLIC_URL")
                .or(() -> reader.text("WEBSITE_HOSTNAME").map(Settings::platformUrl));
    }

    /** The platform names host and port only: https in Azure, http under the Core Tools on a developer's machine. */
    private static URI platformUrl(String host) {
        try {
            boolean local =
                    host.startsWith("localhost:") || host.startsWith("127.0.0.1:") || host.startsWith("0.0.0.0:");
            return new URI((local ? "http://" : "https://") + host);
        } catch (URISyntaxException e) {
            throw EnvironmentReader.malformed("WEBSITE_HOSTNAME", "a host name", host);
        }
    }

    private static Waits waits(EnvironmentReader reader) {
        Duration longest = reader.duration("MAX_WAIT", "PT90S", Duration.ZERO, Duration.ofMinutes(2));
        String usual = shorter(USUAL_WAIT, longest).toString();
        return new Waits(longest, reader.duration("DEFAULT_WAIT", usual, Duration.ZERO, longest));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static DefenderCloud cloud(EnvironmentReader reader) {
        String text = reader.text("DEFENDER_CLOUD").orElse(DefenderCloud.PUBLIC.label());
        return DefenderCloud.of(text)
                .orElseThrow(() -> EnvironmentReader.malformed("DEFENDER_CLOUD", "public, gcc, gcc-high or dod", text));
    }

    private static @Nullable String clientId(EnvironmentReader reader, String name) {
        return reader.text(name, GUID, "the client id of an identity, which is a GUID,")
                .orElse(null);
    }

    private static Storage storage(EnvironmentReader reader) {
        Optional<String> connectionString = reader.text("AzureWebJobsStorage");
        if (connectionString.isPresent()) {
            // Some tools add a connection string beside an identity, with a key that the account refuses.
            reader.namesThatBeginWith("AzureWebJobsStorage__").findFirst().ifPresent(name -> {
                throw new SettingsException("AzureWebJobsStorage must be empty or missing beside " + name
                        + ", since the account is reached by connection string or by identity, but both are set");
            });
            return new Storage.ByConnectionString(connectionString.get());
        }
        return new Storage.ByIdentity(
                storageUrl(reader, "AzureWebJobsStorage__tableServiceUri", "table"),
                storageUrl(reader, "AzureWebJobsStorage__queueServiceUri", "queue"),
                clientId(reader, "AzureWebJobsStorage__clientId"));
    }

    private static URI storageUrl(EnvironmentReader reader, String name, String service) {
        return reader.storageUrl(name)
                .or(() -> reader.text(
                                "AzureWebJobsStorage__accountName",
                                ACCOUNT_NAME,
                                "3 to 24 lower-case letters and digits")
                        .map(account -> storageCloud(reader).storageUrl(account, service)))
                .orElseThrow(() -> new SettingsException(name + " must be the URL of that service, or"
                        + " AzureWebJobsStorage__accountName the account's name, or AzureWebJobsStorage a connection"
                        + " string, but none is set"));
    }

    /** Falls back to the public cloud: queues work while other settings are wrong, {@code DEFENDER_CLOUD} included. */
    private static DefenderCloud storageCloud(EnvironmentReader reader) {
        return reader.text("DEFENDER_CLOUD").flatMap(DefenderCloud::of).orElse(DefenderCloud.PUBLIC);
    }

    private static QuotaPolicy policy(EnvironmentReader reader) {
        String limits = reader.text("RATE_LIMITS").orElse("100/PT1M,1500/PT1H");
        List<Quota> quotas = new ArrayList<>();
        try {
            for (String limit : limits.split(",", -1)) {
                String[] parts = limit.strip().split("/", -1);
                quotas.add(new Quota(Integer.parseInt(parts[0]), Duration.parse(parts[1]), 0));
            }
        } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeParseException e) {
            throw EnvironmentReader.malformed("RATE_LIMITS", "permits/window pairs as in 100/PT1M,1500/PT1H", limits);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("RATE_LIMITS: " + e.getMessage());
        }
        Duration margin = reader.duration("RATE_LIMIT_MARGIN", "PT2S", Duration.ZERO, Duration.ofMinutes(1));
        try {
            return new QuotaPolicy(withReserves(reader, quotas), margin);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("RATE_LIMITS: " + e.getMessage());
        }
    }

    /**
     * The reserves as set, in the order of the limits; by default 40 % of the shortest window's permits and 4.7 % of the others'. With 5 %
     * of an hour and its margin, the queue would get less than 95 % of the quota.
     */
    private static List<Quota> withReserves(EnvironmentReader reader, List<Quota> quotas) {
        Duration shortest =
                quotas.stream().map(Quota::window).min(Duration::compareTo).orElseThrow();
        String usual = quotas.stream()
                .map(quota -> quota.permits() * (quota.window().equals(shortest) ? 400 : 47) / 1000)
                .map(String::valueOf)
                .collect(Collectors.joining(","));
        String text = reader.text(RESERVE).orElse(usual);
        String[] reserves = text.split(",", -1);
        List<Quota> result = new ArrayList<>();
        try {
            for (int i = 0; i < Math.max(reserves.length, quotas.size()); i++) {
                Quota quota = quotas.get(i);
                result.add(new Quota(quota.permits(), quota.window(), Integer.parseInt(reserves[i].strip())));
            }
            return result;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw EnvironmentReader.malformed(
                    RESERVE, "one number for each of RATE_LIMITS, smaller than its permits,", text);
        }
    }
}
