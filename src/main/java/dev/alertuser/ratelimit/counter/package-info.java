/** The arithmetic of the limiter and the bytes of its row. Reads no clock and no table. */
@NullMarked
package dev.alertuser.ratelimit.counter;

import org.jspecify.annotations.NullMarked;
