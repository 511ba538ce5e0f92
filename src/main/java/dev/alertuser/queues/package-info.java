/** Storage queues. Messages go through the SDK: the platform's output binding would rewrite their JSON and cannot delay them. */
@NullMarked
package dev.alertuser.queues;

import org.jspecify.annotations.NullMarked;
