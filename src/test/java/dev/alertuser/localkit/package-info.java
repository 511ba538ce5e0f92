/**
 * All of the app on one machine, on loopback and without an Azure account: Azurite, stand-ins for Defender and for the
 * managed-identity endpoint, and a host for the functions. Tests use the parts, {@code mvn -Plocal} the whole.
 */
package dev.alertuser.localkit;
