/** Builds the app: {@link dev.alertuser.config.Settings} from the environment, {@link dev.alertuser.Application} from the settings. */
@NullMarked
package dev.alertuser;

import org.jspecify.annotations.NullMarked;
