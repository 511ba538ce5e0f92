/** The requests queue: each message is looked up and answered by one result message, or deferred. */
@NullMarked
package dev.alertuser.functions.queue;

import org.jspecify.annotations.NullMarked;
