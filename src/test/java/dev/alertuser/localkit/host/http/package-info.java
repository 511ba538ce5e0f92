/** HTTP triggers: requests, answers and the admin endpoint, as the host passes them on. */
package dev.alertuser.localkit.host.http;
