package dev.alertuser.tables;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a storage service that is not well, or something in front of it, answers to any request. */
public enum BadAnswer {
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
        boolean give(Socket connection) throws IOException {
            connection.setSoLinger(true, 0);
            return false;
        }
    },
    HANG(0, "", "") {
        @Override
        boolean give(Socket connection) throws IOException {
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

    /** Answers a request that has been read. False if the connection is over. */
    boolean give(Socket connection) throws IOException {
        String text = "HTTP/1.1 " + status + " Answer\r\nDate: Thu, 01 Jan 2026 12:00:00 GMT\r\nContent-Type: " + type
                + "\r\nContent-Length: " + announced() + "\r\n\r\n" + body;
        connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().flush();
        return announced() == body.length();
    }

    /** Reads one request with its body; empty if the client closed the connection. */
    static String readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        String length = head.toString().toLowerCase(Locale.ROOT).replaceAll("(?s).*\ncontent-length: *(\\d+).*", "$1");
        in.readNBytes(length.matches("\\d+") ? Integer.parseInt(length) : 0);
        return head.substring(0, head.indexOf("\r\n"));
    }
}
