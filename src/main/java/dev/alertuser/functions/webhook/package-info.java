/** {@code webhooks/alerts}: the handshakes of Event Grid, CloudEvents and Microsoft Graph, and their deliveries, which are queued. */
@NullMarked
package dev.alertuser.functions.webhook;

import org.jspecify.annotations.NullMarked;
