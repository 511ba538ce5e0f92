/**
 * The durable limiter: arithmetic over a log of permits ({@link dev.alertuser.ratelimit.counter.PermitLog}, {@link
 * dev.alertuser.ratelimit.counter.Counter}), the row that holds it ({@link dev.alertuser.ratelimit.store.CounterStore}), the loop that changes it
 * ({@link dev.alertuser.ratelimit.Committer}), and the storage service's clock ({@link dev.alertuser.ratelimit.store.StorageClock}).
 */
@NullMarked
package dev.alertuser.ratelimit;

import org.jspecify.annotations.NullMarked;
