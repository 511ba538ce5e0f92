/** Values of a lookup: the alert, what is asked, what came of it, and what a caller comes back to. */
@NullMarked
package dev.alertuser.service.alert;

import org.jspecify.annotations.NullMarked;
