package dev.alertuser.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.Lazy;
import dev.alertuser.Settings;
import dev.alertuser.SettingsException;

/**
 * A description of this API for machines. Written once, in OpenAPI 3.0.3; Swagger 2.0 is derived from that. It names the address that the
 * settings give for this app, never the host that a request names: a document that anybody can make point elsewhere must not be cached and
 * believed. Both texts are made once in a process, since anybody may ask for them.
 */
record ApiDocument(ObjectNode json) {
    private static final Lazy<String> OPEN_API = new Lazy<>(() -> Json.write(of(server()).json));
    private static final Lazy<String> SWAGGER =
            new Lazy<>(() -> Json.write(of(server()).toSwagger().json));

    /** @param server where callers reach the API, routes left out: {@code https://app.azurewebsites.net/api}, or a path on the same host */
    static ApiDocument of(String server) {
        ObjectNode document = Json.read(Resources.text("/openapi.json"));
        document.putArray("servers").addObject().put("url", server);
        return new ApiDocument(document);
    }

    ApiDocument toSwagger() {
        return new ApiDocument(new SwaggerConverter(json).convert());
    }

    static HttpResponseMessage openApi(HttpCall call) {
        return answer(call, OPEN_API.get());
    }

    static HttpResponseMessage swagger(HttpCall call) {
        return answer(call, SWAGGER.get());
    }

    private static HttpResponseMessage answer(HttpCall call, String text) {
        return call.respond(HttpStatus.OK)
                .header("Content-Type", HttpCall.JSON)
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
