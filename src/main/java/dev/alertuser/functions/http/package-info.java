/** The edge that all HTTP functions share: the only catch-all, requests, responses, errors, headers, and the log line of each call. */
@NullMarked
package dev.alertuser.functions.http;

import org.jspecify.annotations.NullMarked;
