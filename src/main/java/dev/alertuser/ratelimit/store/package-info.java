/** Where the counter is kept, and the storage service's clock as its answers tell it. */
@NullMarked
package dev.alertuser.ratelimit.store;

import org.jspecify.annotations.NullMarked;
