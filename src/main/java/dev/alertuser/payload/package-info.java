/**
 * What callers send and what playbooks want back: alert ids out of bodies of many senders, queue messages, Sentinel Account
 * entities out of users. Knows Jackson and the values of the service, nothing else.
 */
@NullMarked
package dev.alertuser.payload;

import org.jspecify.annotations.NullMarked;
