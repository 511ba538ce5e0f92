/** Servers on loopback in place of real ones, which take scripts: Defender, the managed-identity endpoint, and tables that are far or hang. */
package dev.alertuser.localkit.fake;
