/**
 * The lookup itself: what is asked, what can come of it, and the ports behind which the rest of the world stands. Knows no
 * Azure type, so its tests need none.
 */
@NullMarked
package dev.alertuser.service;

import org.jspecify.annotations.NullMarked;
