/** The other ports: Defender, the answer cache, pending lookups, queues. Each documents what its failures mean. */
@NullMarked
package dev.alertuser.service.port;

import org.jspecify.annotations.NullMarked;
