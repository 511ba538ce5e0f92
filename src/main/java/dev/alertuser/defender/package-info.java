/**
 * Defender for Endpoint's alert-to-user call: token, HTTP, JSON. The only place that knows the URL and the meaning of its answers.
 */
@NullMarked
package dev.alertuser.defender;

import org.jspecify.annotations.NullMarked;
