package dev.alertuser.localkit.fake;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One answer that {@link FakeDefender} can be told to give. Immutable. */
public final class FakeDefenderAnswer {
    private static final String JSON = "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8";

    private enum Ending {
        WHOLE,
        DROPPED,
        BROKEN_OFF,
        STALLED,
        ENDLESS
    }

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Duration delay;
    private final Ending ending;

    private FakeDefenderAnswer(int status, Map<String, String> headers, byte[] body, Duration delay, Ending ending) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.delay = delay;
        this.ending = ending;
    }

    /** Any status with any body, as JSON. */
    public static FakeDefenderAnswer of(int status, String body) {
        return of(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Any status with any bytes, as JSON. */
    public static FakeDefenderAnswer of(int status, byte[] body) {
        return new FakeDefenderAnswer(status, Map.of("Content-Type", JSON), body, Duration.ZERO, Ending.WHOLE);
    }

    /** 200 with a user. */
    public static FakeDefenderAnswer user(String json) {
        return of(200, json);
    }

    /** 200 in the shape of 2020: no account members, machines and network flag null. */
    public static FakeDefenderAnswer userOf2020() {
        return user(FakeDefenderUsers.SHAPE_OF_2020);
    }

    /** 200 with null in the members where Defender was seen to have null. */
    public static FakeDefenderAnswer userWithNulls() {
        return user(FakeDefenderUsers.WITH_NULLS);
    }

    /** 404 with the real body for an alert that is not there. */
    public static FakeDefenderAnswer notFound(String alertId) {
        return error(404, "ResourceNotFound", "Alert " + alertId + " not found");
    }

    /** 401 with a body of the documented form. */
    public static FakeDefenderAnswer unauthorized() {
        return error(401, "Unauthorized", "Invalid or expired authorization header.");
    }

    /** 403 with the real body for a missing role, of an identity that has another one. */
    public static FakeDefenderAnswer forbidden() {
        return forbidden(List.of("Alert.Read.All"));
    }

    /** 403 with the real body for a missing role. */
    static FakeDefenderAnswer forbidden(List<String> roles) {
        return error(
                403,
                "Forbidden",
                "Missing application roles. API required roles: User.Read.All, application roles: "
                        + String.join(",", roles) + ".");
    }

    /** 429 as of 2022: the wait stands in the text and nowhere else. */
    public static FakeDefenderAnswer throttledInText(long seconds) {
        return error(
                429,
                "429",
                "API calls quota exceeded! Maximum allowed 100 per 00:01:00 for the key Destination+TenantID+AppID."
                        + " You can send requests again in " + seconds + " seconds.");
    }

    /** 429 with the header, as documented. */
    public static FakeDefenderAnswer throttled(long retryAfterSeconds) {
        return throttledInText(retryAfterSeconds).with("Retry-After", Long.toString(retryAfterSeconds));
    }

    /** 429 as of 2021: it does not say for how long. */
    public static FakeDefenderAnswer throttledWithoutTime() {
        return error(429, "429", "API calls quota exceeded! maximum allowed 100 per 00:01:00");
    }

    /** 429 for the time of the processor that the calls took, with the documented code; no body of it was seen yet. */
    public static FakeDefenderAnswer throttledByCpu() {
        return error(429, "TooManyRequests", "Response will represent reaching quota limit by CPU");
    }

    /** A page of a proxy or gateway. */
    public static FakeDefenderAnswer html(int status) {
        return of(status, "<html><body><h1>Something between us failed</h1></body></html>")
                .with("Content-Type", "text/html");
    }

    /** 302 to another place. */
    public static FakeDefenderAnswer redirect(String location) {
        return of(302, "").with("Location", location);
    }

    /** Closes the connection instead of answering. */
    public static FakeDefenderAnswer dropped() {
        return of(0, "").ending(Ending.DROPPED);
    }

    /** 200 with a body that never ends. */
    public static FakeDefenderAnswer endless() {
        return of(200, "").ending(Ending.ENDLESS);
    }

    /** An error body with a fresh correlation id as its target. */
    public static FakeDefenderAnswer error(int status, String code, String message) {
        return of(
                status,
                "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"target\":\""
                        + UUID.randomUUID() + "\"}}");
    }

    /** This answer with one more header. */
    public FakeDefenderAnswer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new FakeDefenderAnswer(status, more, body, delay, ending);
    }

    /** This answer, given after a while. */
    public FakeDefenderAnswer after(Duration time) {
        return new FakeDefenderAnswer(status, headers, body, time, ending);
    }

    /** This answer, with the connection closed in the middle of the body. */
    public FakeDefenderAnswer brokenOff() {
        return ending(Ending.BROKEN_OFF);
    }

    /** This answer, with a body whose end does not come. */
    public FakeDefenderAnswer stalled() {
        return ending(Ending.STALLED);
    }

    int status() {
        return status;
    }

    void send(HttpExchange exchange, FakeServer server) throws IOException {
        server.pause(delay);
        if (ending == Ending.DROPPED) {
            return;
        }
        headers.forEach(exchange.getResponseHeaders()::set);
        boolean noBody = ending == Ending.WHOLE && body.length == 0;
        exchange.sendResponseHeaders(status, noBody ? -1 : ending == Ending.WHOLE ? 0 : Long.MAX_VALUE);
        if (noBody) {
            return;
        }
        OutputStream out = exchange.getResponseBody();
        out.write(body);
        out.flush();
        switch (ending) {
            case WHOLE -> out.close();
            case STALLED -> server.pause(Duration.ofMinutes(1));
            case ENDLESS -> writeForever(out);
            case BROKEN_OFF, DROPPED -> {}
        }
    }

    private static void writeForever(OutputStream out) throws IOException {
        byte[] blanks = " ".repeat(1024).getBytes(StandardCharsets.US_ASCII);
        while (!Thread.currentThread().isInterrupted()) {
            out.write(blanks);
            out.flush();
        }
    }

    private FakeDefenderAnswer ending(Ending other) {
        return new FakeDefenderAnswer(status, headers, body, delay, other);
    }
}
