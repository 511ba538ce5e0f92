/**
 * The lookup: its requests, its results, and its ports to everything outside the process. Uses no Azure type, so its tests
 * need none.
 */
@NullMarked
package dev.alertuser.service;

import org.jspecify.annotations.NullMarked;
