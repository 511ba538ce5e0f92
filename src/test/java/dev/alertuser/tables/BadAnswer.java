package dev.alertuser.tables;

import java.io.IOException;
import java.net.Socket;

/** Answers of a faulty storage service, or of a proxy in front of it, to any request. */
public enum BadAnswer implements UnwellStorage.Answer {
    BUSY_IN_XML(503, "application/xml", "<?xml version=\"1.0\"?><Error><Code>ServerBusy</Code></Error>"),
    BUSY_FOR_A_MINUTE(503, "application/xml\r\nRetry-After: 60", "<Error><Code>ServerBusy</Code></Error>"),
    BUSY_IN_JSON(
            503, "application/json", "{\"odata.error\":{\"code\":\"ServerBusy\",\"message\":{\"value\":\"busy\"}}}"),
    BUSY_IN_HTML(503, "text/html", "<html>busy</html>"),
    GATEWAY_IN_HTML(502, "text/html", "<html>bad gateway</html>"),
    LATE(
            500,
            "application/json",
            "{\"odata.error\":{\"code\":\"OperationTimedOut\",\"message\":{\"value\":\"late\"}}}"),
    EMPTY(500, "application/json", ""),
    NO_JSON(500, "application/json", "not JSON"),
    FORBIDDEN(
            403,
            "application/json",
            "{\"odata.error\":{\"code\":\"AuthorizationFailure\",\"message\":{\"value\":\"no\"}}}"),
    FORBIDDEN_IN_XML(403, "application/xml", "<Error><Code>AuthorizationFailure</Code></Error>"),
    SUCCESS_WITHOUT_JSON(200, "application/json", "not JSON"),
    REDIRECT(302, "text/plain", "elsewhere"),
    TRUNCATED(200, "application/json\r\nConnection: close", "{\"odata.metadata\"") {
        @Override
        int announced() {
            return super.announced() + 1000;
        }
    },
    RESET(0, "", "") {
        @Override
        public boolean give(Socket connection) throws IOException {
            connection.setSoLinger(true, 0);
            return false;
        }
    },
    HANG(0, "", "") {
        @Override
        public boolean give(Socket connection) throws IOException {
            // Until the client gives up.
            return connection.getInputStream().read() >= 0;
        }
    };

    private final int status;
    private final String type;
    private final String body;

    BadAnswer(int status, String type, String body) {
        this.status = status;
        this.type = type;
        this.body = body;
    }

    int announced() {
        return body.length();
    }

    @Override
    public boolean give(Socket connection) throws IOException {
        UnwellStorage.write(connection, status, type, announced(), body);
        return announced() == body.length();
    }
}
