/** What can be set: {@link dev.alertuser.config.Settings} out of the environment, and the credentials and storage clients that follow from them. */
@NullMarked
package dev.alertuser.config;

import org.jspecify.annotations.NullMarked;
