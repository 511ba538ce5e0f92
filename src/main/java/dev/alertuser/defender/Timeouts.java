package dev.alertuser.defender;

import java.time.Duration;

/**
 * Timeouts of one call.
 *
 * @param connect until the TCP connection is made
 * @param response from the last byte of the request to the first of the response
 * @param body from the head of the response to its last byte
 */
record Timeouts(Duration connect, Duration response, Duration body) {
    static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(5));

    /** From the request for a connection, including name resolution and TLS, to the head of the response. */
    Duration head() {
        return connect.plus(response);
    }
}
