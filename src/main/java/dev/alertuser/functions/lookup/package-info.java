/**
 * {@code GET alerts/{id}/user}, {@code POST alerts/users} and {@code GET lookups/{lookupId}}: one alert, many alerts, and polls for either.
 */
@NullMarked
package dev.alertuser.functions.lookup;

import org.jspecify.annotations.NullMarked;
