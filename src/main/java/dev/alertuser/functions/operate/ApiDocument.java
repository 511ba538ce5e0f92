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
 * The API documents in OpenAPI 3.0.3 and in Swagger 2.0. They name the server from the settings, never the host of a request: otherwise
 * anybody could make a cached document point elsewhere. Both texts are made once per process, since anybody may request them.
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

    /** @param server base URL of the API, {@code https://app.azurewebsites.net/api}, or a path on the same host */
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

    /** Only a path if no address is known; it is relative to the host that served the document. */
    private static String server() {
        try {
            return Settings.publicUrl(System.getenv()).map(url -> url + "/api").orElse("/api");
        } catch (SettingsException e) {
            return "/api";
        }
    }
}
