/** Puts the app together: {@link dev.alertuser.config.Settings} out of the environment, {@link dev.alertuser.Application} out of the settings. */
@NullMarked
package dev.alertuser;

import org.jspecify.annotations.NullMarked;
