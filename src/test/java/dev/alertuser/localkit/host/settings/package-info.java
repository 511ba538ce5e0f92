/** What a host is told: {@code host.json}, {@code local.settings.json} and the environment. */
package dev.alertuser.localkit.host.settings;
