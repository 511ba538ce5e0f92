/** Servers on loopback in place of real ones, which take scripts: Defender, the managed-identity endpoint, and storage that is not well. */
package dev.alertuser.localkit.fake;
