/** Storage queues to send to. The SDK sends what it is given; the platform's output binding would rewrite JSON and could not delay. */
@NullMarked
package dev.alertuser.queues;

import org.jspecify.annotations.NullMarked;
