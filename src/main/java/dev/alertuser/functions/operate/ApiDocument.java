package dev.alertuser.functions.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.Lazy;
import dev.alertuser.config.Settings;
import dev.alertuser.config.SettingsException;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.Resources;
import dev.alertuser.functions.http.Responses;
import java.net.URI;

/**
 * The descriptions of this API for machines, in OpenAPI 3.0.3 and in Swagger 2.0. They name the address that the settings give for this app,
 * never the host that a request names: a document that anybody can make point elsewhere must not be cached and believed. Both texts are made
 * once in a process, since anybody may ask for them.
 */
public final class ApiDocument {
    private static final Lazy<String> OPEN_API = new Lazy<>(() -> Json.write(openApi(server())));
    private static final Lazy<String> SWAGGER = new Lazy<>(() -> Json.write(swagger(server())));

    private ApiDocument() {}

    static HttpResponseMessage openApi(Responses responses) {
        return answer(responses, OPEN_API.get());
    }

    static HttpResponseMessage swagger(Responses responses) {
        return answer(responses, SWAGGER.get());
    }

    /** @param server where callers reach the API, routes left out: {@code https://app.azurewebsites.net/api}, or a path on the same host */
    static ObjectNode openApi(String server) {
        ObjectNode document = Json.read(Resources.text(ApiDocument.class, "/openapi.json"));
        document.putArray("servers").addObject().put("url", server);
        return document;
    }

    /** @param server as for {@link #openApi(String)} */
    static ObjectNode swagger(String server) {
        ObjectNode document = Json.read(Resources.text(ApiDocument.class, "/swagger.json"));
        URI uri = URI.create(server);
        document.put("basePath", uri.getPath());
        if (uri.isAbsolute()) {
            document.put("host", uri.getAuthority());
            document.putArray("schemes").add(uri.getScheme());
        } else {
            document.remove("host");
            document.remove("schemes");
        }
        return document;
    }

    private static HttpResponseMessage answer(Responses responses, String text) {
        return responses
                .respond(HttpStatus.OK)
                .header("Content-Type", Responses.JSON)
                .header("Cache-Control", "public, max-age=300")
                .body(text)
                .build();
    }

    /** A path alone where no address is known: it stands for the host that the document came from. */
    private static String server() {
        try {
            return Settings.publicUrl(System.getenv()).map(url -> url + "/api").orElse("/api");
        } catch (SettingsException e) {
            return "/api";
        }
    }
}
