/**
 * The durable limiter: one row in Table storage counts the permits of all instances.
 *
 * <p>The words, as all of this package uses them:
 *
 * <ul>
 *   <li>A <b>permit</b> is the right to make one call. Its <b>slot</b> is the moment with which it is stamped, in the storage service's time.
 *   <li>A <b>quota</b> allows a number of permits in each rolling <b>window</b>. A window and the <b>margin</b> make the <b>span</b> within
 *       which no more slots may lie.
 *   <li>The <b>reserve</b> of a quota is what the <b>backlog</b> (the queue) leaves to <b>interactive</b> callers.
 *   <li>A <b>denial</b> says before which time asking again is pointless. A <b>pause</b> stops all calls: Defender asked for it, or the row was
 *       lost.
 * </ul>
 *
 * <p>{@link dev.alertuser.ratelimit.counter} is arithmetic, {@link dev.alertuser.ratelimit.store} is the row and its clock. Here is the
 * coordination: the loop that changes the row ({@link dev.alertuser.ratelimit.Committer}), the batch of one instance
 * ({@link dev.alertuser.ratelimit.GroupCommit}) and the port that callers use ({@link dev.alertuser.ratelimit.DurableRateLimiter}).
 */
@NullMarked
package dev.alertuser.ratelimit;

import org.jspecify.annotations.NullMarked;
