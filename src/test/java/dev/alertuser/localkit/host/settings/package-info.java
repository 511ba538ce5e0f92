/** The settings of a host: {@code host.json}, {@code local.settings.json} and the environment. */
package dev.alertuser.localkit.host.settings;
