package dev.alertuser.defender;

import java.time.Duration;

/**
 * How long one call may take.
 *
 * @param connect until the TCP connection stands
 * @param response from the request's last byte to the answer's first
 * @param body from the answer's head to its last byte
 */
record Timeouts(Duration connect, Duration response, Duration body) {
    static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(5));

    /** From asking for a connection, with name resolution and TLS, to the answer's head. */
    Duration head() {
        return connect.plus(response);
    }
}
