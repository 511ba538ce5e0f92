/** The messages in the queue of requests. */
@NullMarked
package dev.alertuser.payload.message;

import org.jspecify.annotations.NullMarked;
