/** The port to the budget of Defender calls: permits, denials and reports. */
@NullMarked
package dev.alertuser.service.budget;

import org.jspecify.annotations.NullMarked;
