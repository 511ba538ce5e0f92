/** {@code webhooks/alerts}: the handshakes of Event Grid, CloudEvents and Microsoft Graph, and the queueing of their deliveries. */
@NullMarked
package dev.alertuser.functions.webhook;

import org.jspecify.annotations.NullMarked;
