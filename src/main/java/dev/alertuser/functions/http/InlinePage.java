package dev.alertuser.functions.http;

import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.service.alert.Sha256;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * A page as one document with inline style and script: those of all pages, {@code page.css} and {@code page.js}, and after them its own.
 * Its policy allows these two by their hashes, requests to this app, and nothing else.
 */
public record InlinePage(String html, String contentSecurityPolicy) {

    /**
     * Reads {@code name.html}, {@code name.css} and {@code name.js}.
     *
     * @param owner a class of the package that has these resources
     * @param parts of the script, each in a file of its own, which come before {@code name.js}
     */
    public static InlinePage load(Class<?> owner, String name, String... parts) {
        String style = shared("page.css") + Resources.text(owner, name + ".css");
        String script = "\"use strict\";\n(() => {\n"
                + shared("page.js")
                + Arrays.stream(parts)
                        .map(part -> Resources.text(owner, part + ".js"))
                        .collect(Collectors.joining())
                + Resources.text(owner, name + ".js")
                + "})();\n";
        String html = Resources.text(owner, name + ".html")
                .replace("/*style*/", style)
                .replace("/*script*/", script);
        return new InlinePage(
                html,
                "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script)
                        + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'");
    }

    private static String shared(String name) {
        return Resources.text(InlinePage.class, name);
    }

    private static String hash(String text) {
        return "'sha256-" + Base64.getEncoder().encodeToString(Sha256.of(text)) + "'";
    }

    /** The response with this page, which no cache may store. */
    public HttpResponseMessage.Builder respond(Responses responses) {
        return responses
                .respond(HttpStatus.OK)
                .header("Content-Type", "text/html; charset=utf-8")
                .header("Content-Security-Policy", contentSecurityPolicy)
                .header("Cache-Control", "no-store")
                // The address may hold the function key.
                .header("Referrer-Policy", "no-referrer")
                .body(html);
    }
}
