package dev.alertuser.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;

/** A description of this API for machines. Written once, in OpenAPI 3.0.3; Swagger 2.0 is derived from that. */
record ApiDocument(ObjectNode json) {
    /** @param server where callers reach the API, routes left out: {@code https://app.azurewebsites.net/api} */
    static ApiDocument of(String server) {
        ObjectNode document = Json.read(Resources.text("/openapi.json"));
        document.putArray("servers").addObject().put("url", server);
        return new ApiDocument(document);
    }

    ApiDocument toSwagger() {
        return new ApiDocument(new SwaggerConverter(json).convert());
    }

    HttpResponseMessage answer(HttpCall call) {
        return call.respond(HttpStatus.OK)
                .header("Content-Type", HttpCall.JSON)
                .header("Cache-Control", "public, max-age=300")
                // It holds the address that it was asked at.
                .header("Vary", "Host")
                .body(Json.write(json))
                .build();
    }
}
