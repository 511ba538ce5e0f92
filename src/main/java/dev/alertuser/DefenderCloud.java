package dev.alertuser;

import java.net.URI;

/**
 * Where Defender for Endpoint stands, and for whom a token must be meant. The scope is not derived from the host: in the public cloud the
 * host {@code api.security.microsoft.com} serves the same API but names another application.
 */
enum DefenderCloud {
    PUBLIC("public", "https://api.securitycenter.microsoft.com"),
    GCC("gcc", "https://api-gcc.securitycenter.microsoft.us"),
    GCC_HIGH("gcc-high", "https://api-gov.securitycenter.microsoft.us"),
    DOD("dod", "https://api-gov.securitycenter.microsoft.us");

    private final String label;
    private final String api;

    DefenderCloud(String label, String api) {
        this.label = label;
        this.api = api;
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
}
