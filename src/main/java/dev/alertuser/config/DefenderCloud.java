package dev.alertuser.config;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/**
 * The clouds of Defender for Endpoint, each with the URL of the API, the scope of its token and the host suffix of storage accounts. The
 * scope is not derived from the host: in the public cloud the host {@code api.security.microsoft.com} serves the same API but names another
 * application.
 */
enum DefenderCloud {
    PUBLIC("public", "https://api.securitycenter.microsoft.com", "core.windows.net"),
    /** GCC tenants are in the public Azure cloud. */
    GCC("gcc", "https://api-gcc.securitycenter.microsoft.us", "core.windows.net"),
    GCC_HIGH("gcc-high", "https://api-gov.securitycenter.microsoft.us", "core.usgovcloudapi.net"),
    DOD("dod", "https://api-gov.securitycenter.microsoft.us", "core.usgovcloudapi.net");

    private final String label;
    private final String api;
    private final String storageSuffix;

    DefenderCloud(String label, String api, String storageSuffix) {
        this.label = label;
        this.api = api;
        this.storageSuffix = storageSuffix;
    }

    static Optional<DefenderCloud> of(String label) {
        return Arrays.stream(values())
                .filter(cloud -> cloud.label.equals(label))
                .findFirst();
    }

    String label() {
        return label;
    }

    URI apiUrl() {
        return URI.create(api);
    }

    String scope() {
        return api + "/.default";
    }

    /** Whether its tenants are in Azure Government. */
    boolean isGovernment() {
        return this == GCC_HIGH || this == DOD;
    }

    /** URL of a storage service, {@code table} or {@code queue}. */
    URI storageUrl(String account, String service) {
        return URI.create("https://" + account + "." + service + "." + storageSuffix);
    }
}
