/** Values of a lookup: alert ids, requests, results, and the pending lookups that callers poll. */
@NullMarked
package dev.alertuser.service.alert;

import org.jspecify.annotations.NullMarked;
