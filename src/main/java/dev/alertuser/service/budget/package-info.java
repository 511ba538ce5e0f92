/** The port to the budget of Defender calls: permits, and what is reported of it. */
@NullMarked
package dev.alertuser.service.budget;

import org.jspecify.annotations.NullMarked;
