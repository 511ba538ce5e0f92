package dev.alertuser.tables;

import dev.alertuser.localkit.fake.HttpMessage;
import dev.alertuser.localkit.fake.StorageExchange;
import dev.alertuser.localkit.fake.StorageFault;
import java.io.IOException;

/** Answers of a faulty storage service, or of a proxy in front of it, to any request. */
public enum BadAnswer implements StorageFault {
    BUSY(exchange -> exchange.answer(error(exchange, 503, "ServerBusy"))),
    BUSY_FOR_A_MINUTE(
            exchange -> exchange.answer(error(exchange, 503, "ServerBusy").with("Retry-After", "60"))),
    BUSY_IN_XML(exchange -> exchange.answer(inXml(503, "ServerBusy"))),
    BUSY_IN_HTML(exchange -> exchange.answer(HttpMessage.answer(503, "<html>", "Content-Type", "text/html"))),
    GATEWAY_IN_HTML(exchange -> exchange.answer(HttpMessage.answer(502, "<html>", "Content-Type", "text/html"))),
    TIMED_OUT(exchange -> exchange.answer(error(exchange, 500, "OperationTimedOut"))),
    EMPTY(exchange -> exchange.answer(inJson(500, ""))),
    NO_JSON(exchange -> exchange.answer(inJson(500, "not JSON"))),
    FORBIDDEN(exchange -> exchange.answer(error(exchange, 403, "AuthorizationFailure"))),
    FORBIDDEN_IN_XML(exchange -> exchange.answer(inXml(403, "AuthorizationFailure"))),
    SUCCESS_WITHOUT_JSON(exchange -> exchange.answer(inJson(200, "not JSON"))),
    REDIRECT(exchange -> exchange.answer(HttpMessage.answer(302, "elsewhere", "Content-Type", "text/plain"))),
    TRUNCATED(exchange -> exchange.answer(
            inJson(200, "{\"odata.metadata\"").with("Content-Length", "1000").with("Connection", "close"))),
    DRIBBLE(BadAnswer::dribble),
    RESET(StorageFault.LOST_REQUEST),
    HANG(StorageFault.HANG);

    @SuppressWarnings("ImmutableEnumChecker") // None of these faults has a state.
    private final StorageFault fault;

    BadAnswer(StorageFault fault) {
        this.fault = fault;
    }

    @Override
    public void treat(StorageExchange exchange) throws IOException, InterruptedException {
        fault.treat(exchange);
    }

    /** An error as the service gives it: in JSON for tables, in XML, with a byte order mark, for queues. */
    private static HttpMessage error(StorageExchange exchange, int status, String code) {
        HttpMessage error = exchange.isForQueues()
                ? HttpMessage.answer(
                        status,
                        "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code
                                + "</Code><Message>It failed.\nRequestId:1\nTime:2026-01-01T12:00:00Z</Message></Error>",
                        "Content-Type",
                        "application/xml")
                : inJson(
                        status,
                        "{\"odata.error\":{\"code\":\"" + code
                                + "\",\"message\":{\"lang\":\"en-US\",\"value\":\"It failed.\\nRequestId:1\"}}}");
        return error.with("x-ms-error-code", code);
    }

    /** What busy front ends say, whatever the client accepts. */
    private static HttpMessage inXml(int status, String code) {
        return HttpMessage.answer(
                status,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><m:error xmlns:m="
                        + "\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"><m:code>" + code
                        + "</m:code><m:message xml:lang=\"en-US\">It failed.</m:message></m:error>",
                "Content-Type",
                "application/xml");
    }

    private static HttpMessage inJson(int status, String body) {
        return HttpMessage.answer(
                status, body, "Content-Type", "application/json;odata=minimalmetadata;streaming=true;charset=utf-8");
    }

    /** The head at once, and then one byte of the body after the other. */
    private static void dribble(StorageExchange exchange) throws IOException, InterruptedException {
        exchange.answer(inJson(200, "").with("Content-Length", "1000000"));
        while (true) {
            exchange.out().write(' ');
            Thread.sleep(100);
        }
    }
}
