/** The queue of requests: one message is looked up and ends in one result message, or is deferred. */
@NullMarked
package dev.alertuser.functions.queue;

import org.jspecify.annotations.NullMarked;
