/** The edge that all HTTP functions share: the one catch, what comes in, what goes out, errors, headers, and the log line of each call. */
@NullMarked
package dev.alertuser.functions.http;

import org.jspecify.annotations.NullMarked;
