/** Configuration: {@link dev.alertuser.config.Settings} from the environment, and the credentials and storage clients made from them. */
@NullMarked
package dev.alertuser.config;

import org.jspecify.annotations.NullMarked;
