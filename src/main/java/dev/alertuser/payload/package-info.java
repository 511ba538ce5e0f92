/**
 * The formats of callers: alert ids in bodies of many senders, queue messages, and Sentinel Account entities. Depends on Jackson
 * and the values of the service, nothing else.
 */
@NullMarked
package dev.alertuser.payload;

import org.jspecify.annotations.NullMarked;
